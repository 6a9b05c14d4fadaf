"""Prints the client's calls beside the operations of a document as one module in TypeScript, to be compiled."""

import json
import sys

document = json.load(open(sys.argv[1], encoding="utf-8"))
print("import type { Client } from 'openapi-fetch';\nimport type { paths } from './client/schema.js';\n")
for methods in document["paths"].values():
    for operation in methods.values():
        for sample in operation.get("x-codeSamples", []):
            if sample["lang"] == "typescript":
                print(f"export async function {operation['operationId']}(client: Client<paths>): Promise<unknown> {{")
                print(f"{sample['source']}\n  return data ?? error;\n}}\n")
