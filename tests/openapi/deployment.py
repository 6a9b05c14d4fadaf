"""The processes: Microsoft's simulator, Prism between it and the product, and the product itself."""

import contextlib
import os
import socket
import subprocess
import tempfile
import time
from pathlib import Path

import requests

HERE = Path(__file__).resolve().parent
API_KEY = "tc_contract_0123456789abcdef0123456789abcdef"
START_TIME = 60
CONTRACT = HERE / "graph-online-meetings.openapi.yaml"


def free_port() -> int:
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        return door.getsockname()[1]


class Process:
    """A server of ours, with what it printed."""

    def __init__(self, name: str, command: list[str], folder: Path, environment: dict[str, str] | None = None):
        self.name, self.printed = name, folder / f"{name}.log"
        # Nothing of the surroundings: a setting that lies about there would change what is proved.
        surroundings = {"PATH": os.environ["PATH"], "HOME": str(folder), **(environment or {})}
        with self.printed.open("w") as log:
            self.child = subprocess.Popen(command, env=surroundings, cwd=folder, stdout=log, stderr=log)

    def log(self) -> str:
        return self.printed.read_text(errors="replace")

    def answers(self, url: str) -> None:
        """Waits until somebody answers there, whatever it is."""
        end = time.monotonic() + START_TIME
        while time.monotonic() < end:
            if self.child.poll() is not None:
                raise RuntimeError(f"{self.name} ended with {self.child.returncode}:\n{self.log()}")
            with contextlib.suppress(requests.ConnectionError):
                requests.get(url, timeout=5)
                return
            time.sleep(0.05)
        raise RuntimeError(f"{self.name} does not answer at {url}:\n{self.log()}")

    def stop(self) -> None:
        self.child.terminate()
        try:
            self.child.wait(10)
        except subprocess.TimeoutExpired:
            self.child.kill()
            self.child.wait()


class Deployment:
    """The product, whose requests to Graph go through Prism, which compares them with Microsoft's description."""

    def __init__(self, binaries: Path, prism: Path, contract: Path, more: dict[str, str] | None = None):
        self.folder = tempfile.TemporaryDirectory(prefix="teams-connect-contract-")
        folder = Path(self.folder.name)
        port, login, graph, between = (free_port() for _ in range(4))
        self.base = f"http://localhost:{port}"
        self.login, self.graph, self.prism_url = (f"http://127.0.0.1:{at}" for at in (login, graph, between))
        self.processes: list[Process] = []
        simulator = [binaries / "microsoft-simulator", "--login", f"127.0.0.1:{login}", "--graph", f"127.0.0.1:{graph}"]
        self.simulator = self.start("simulator", [*simulator, "--redirect-uri", f"{self.base}/oauth/callback"], self.login)
        document = folder / "graph.yaml"
        document.write_text(with_version(contract.read_text()))
        command = [prism, "proxy", document, self.graph, "--port", str(between), "--errors"]
        self.prism = self.start("prism", command, self.prism_url)
        self.settings = {
            "PORT": str(port),
            "DATA_DIR": str(folder / "data"),
            "API_KEY": API_KEY,
            # Without it there is no security.txt.
            "ATS_SUPPORT_URL": "https://ats.example/help",
            "MICROSOFT_LOGIN_URL": self.login,
            "MICROSOFT_GRAPH_URL": self.prism_url,
            "RUST_LOG": "warn",
            **(more or {}),
        }
        self.program = binaries / "teams-connect"
        self.product = self.start_product()

    def start_product(self) -> Process:
        return self.start("product", [self.program], f"{self.base}/healthz", self.settings)

    def crash(self) -> None:
        """Ends the product as a power cut would, and starts it again."""
        self.product.child.kill()
        self.product.child.wait()
        self.product = self.start_product()

    def start(self, name: str, command: list, url: str, settings: dict[str, str] | None = None) -> Process:
        process = Process(name, [str(word) for word in command], Path(self.folder.name), settings)
        self.processes.append(process)
        process.answers(url)
        return process

    def violations(self) -> list[str]:
        """The lines in which Prism says that a request, or an answer of the simulator, is not what Microsoft describes."""
        return [line for line in self.prism.log().splitlines() if "Violation" in line or "✖" in line]

    def refused_by_prism(self, violations_before: int) -> bool:
        """Whether Prism has written down one violation more. It writes a little later than it answers."""
        end = time.monotonic() + START_TIME
        while len(self.violations()) == violations_before and time.monotonic() < end:
            time.sleep(0.05)
        return len(self.violations()) == violations_before + 1

    def stop(self) -> None:
        for process in reversed(self.processes):
            process.stop()
        self.folder.cleanup()


def with_version(text: str) -> str:
    """Prism overlooks the path of `servers`, so it goes before each path."""
    return text.replace("\n  /me", "\n  /v1.0/me")
