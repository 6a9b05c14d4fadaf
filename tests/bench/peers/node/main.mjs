// The Runtime API, in as few lines as it takes: less than AWS's own runtime for Node does.
import http from "node:http";
import { handler, signedIn } from "./handler.mjs";

const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
const base = `http://${process.env.AWS_LAMBDA_RUNTIME_API}/2018-06-01/runtime/invocation`;

function call(method, path, body) {
  return new Promise((resolve, reject) => {
    const request = http.request(`${base}/${path}`, { agent, method }, (response) => {
      const chunks = [];
      response.on("data", (chunk) => chunks.push(chunk));
      response.on("end", () => resolve({ headers: response.headers, text: Buffer.concat(chunks).toString() }));
    });
    request.on("error", reject);
    request.end(body);
  });
}

if (process.argv[2] === "sign-in") {
  const connection = await signedIn(JSON.parse(process.argv[3]), process.argv[4]);
  process.stdout.write(JSON.stringify(connection));
} else if (process.argv[2] === "serve") {
  // A server of one process, as `node:http` has it.
  const server = http.createServer(async (request, response) => {
    const chunks = [];
    for await (const chunk of request) chunks.push(chunk);
    const event = { rawPath: request.url, headers: request.headers, body: Buffer.concat(chunks).toString() };
    const { statusCode, headers, body } = await handler(event);
    response.writeHead(statusCode, headers).end(body);
  });
  server.listen(Number(process.argv[3]), "127.0.0.1");
} else {
  for (;;) {
    const { headers, text } = await call("GET", "next");
    const id = headers["lambda-runtime-aws-request-id"];
    try {
      await call("POST", `${id}/response`, JSON.stringify(await handler(JSON.parse(text))));
    } catch (error) {
      await call("POST", `${id}/error`, JSON.stringify({ errorType: error.name, errorMessage: String(error.stack) }));
    }
  }
}
