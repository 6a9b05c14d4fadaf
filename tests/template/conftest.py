"""What several files of tests share."""

import pytest
from moto import mock_aws
from moto.awslambda.models import LambdaFunction
from moto.cloudformation.models import CloudFormationBackend
from moto.server import ThreadedMotoServer

from operated import Deployed


@pytest.fixture(scope="module")
def deployed(tmp_path_factory):
    with mock_aws(), pytest.MonkeyPatch.context() as patch:
        server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
        server.start()
        host, port = server.get_host_and_port()
        made = Deployed(f"http://{host}:{port}", tmp_path_factory.mktemp("operator"))
        # moto lists what it passed over without a name, and leaves out where a function logs to.
        stack_resources = CloudFormationBackend.list_stack_resources
        configuration = LambdaFunction.get_configuration

        def list_stack_resources(backend, name):
            stack, listed = stack_resources(backend, name)
            own = {one.logical_resource_id for one in made.made_here}
            kept = [one for one in listed if getattr(one, "logical_resource_id", None) not in own]
            return stack, kept + made.made_here

        def get_configuration(function, *arguments):
            name = function.function_name.removeprefix("tc-").title()
            return configuration(function, *arguments) | {"LoggingConfig": made.properties(name)["LoggingConfig"]}

        patch.setattr(CloudFormationBackend, "list_stack_resources", list_stack_resources)
        patch.setattr(LambdaFunction, "get_configuration", get_configuration)
        yield made
        server.stop()
