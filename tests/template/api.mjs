// Reads the OpenAPI document that API Gateway imports, as strictly as its schema says. `api.mjs FILE`
// Whatever it remarks goes to the standard error, and the end is 1.
import { readFile } from 'node:fs/promises';
import process from 'node:process';
import SwaggerParser from '@apidevtools/swagger-parser';

const document = JSON.parse(await readFile(process.argv[2], 'utf8'));
try {
  const { openapi, paths } = await SwaggerParser.validate(document);
  process.stdout.write(`OpenAPI ${openapi}, ${Object.keys(paths).length} paths\n`);
} catch (error) {
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
