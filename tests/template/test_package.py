"""The template as it goes in by CloudFormation alone: packaged, with its zips in a bucket. There is no second template,
and what CloudFormation makes of it is the same.
"""

import io
import zipfile
from pathlib import Path

import boto3
import pytest
from moto.server import ThreadedMotoServer
from samcli.yamlhelper import yaml_dump, yaml_parse

import documents
from permissions import functions
from programs import BIN, run
from translation import NoManagedPolicies, transform, translated

# "CloudFormation quotas": what a request may hold, and what a bucket may.
IN_A_REQUEST, IN_A_BUCKET = 51_200, 1_000_000


def built(folder: Path) -> Path:
    """What `sam build` leaves behind, as far as packaging looks at it."""
    template = documents.template()
    for name, function in functions(template).items():
        (folder / name).mkdir()
        (folder / name / "bootstrap").write_text(f"the program of {name}")
        function["Properties"]["CodeUri"] = name
    path = folder / "template.yaml"
    path.write_text(yaml_dump(template))
    return path


@pytest.fixture(scope="module")
def bucket():
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0)
    server.start()
    address = "http://{}:{}".format(*server.get_host_and_port())
    s3 = boto3.client(
        "s3", endpoint_url=address, region_name="us-east-1", aws_access_key_id="none", aws_secret_access_key="none"
    )
    s3.create_bucket(Bucket="built")
    yield s3, address
    server.stop()


def package(folder: Path, source: Path, address: str):
    return run(
        folder,
        *(f"{BIN}/sam", "package", "--template-file", str(source), "--output-template-file", "packaged.yaml"),
        *("--s3-bucket", "built", "--s3-prefix", "teams-connect"),
        AWS_ENDPOINT_URL=address,
        AWS_DEFAULT_REGION="us-east-1",
    )


@pytest.fixture(scope="module")
def packaged(bucket, tmp_path_factory) -> str:
    folder = tmp_path_factory.mktemp("package")
    result = package(folder, built(folder), bucket[1])
    assert result.returncode == 0, result.stdout + result.stderr
    return (folder / "packaged.yaml").read_text()


def test_each_program_lies_in_the_bucket_under_a_name_of_its_content(bucket, packaged):
    places = {name: one["Properties"]["CodeUri"] for name, one in functions(yaml_parse(packaged)).items()}
    assert len(set(places.values())) == len(places) == 4
    for name, place in places.items():
        key = place.removeprefix("s3://built/")
        assert key.startswith("teams-connect/")
        content = bucket[0].get_object(Bucket="built", Key=key)["Body"].read()
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            assert archive.read("bootstrap").decode() == f"the program of {name}"


def test_cloudformation_makes_the_same_of_it(packaged):
    def rest(template: dict) -> dict:
        """Without the places of the code, and the names of versions, which are made of them."""
        found = {}
        for name, one in template["Resources"].items():
            if one["Type"] == "AWS::Lambda::Function":
                one["Properties"].pop("Code")
            kind = one["Type"]
            found[name[:-10] if kind == "AWS::Lambda::Version" else name] = one["Properties"]
            if kind == "AWS::Lambda::Alias":
                one["Properties"].pop("FunctionVersion")
        return found

    assert rest(transform(yaml_parse(packaged), {}, NoManagedPolicies())) == rest(translated(documents.template()))


def test_it_goes_in_by_a_bucket_and_not_in_a_request(packaged):
    """So the guide names `--template-url`."""
    assert IN_A_REQUEST < len(packaged.encode()) < IN_A_BUCKET


def test_what_was_not_built_is_not_packaged(bucket, tmp_path):
    source = built(tmp_path)
    (tmp_path / "intake" / "bootstrap").unlink()
    (tmp_path / "intake").rmdir()
    assert package(tmp_path, source, bucket[1]).returncode != 0
