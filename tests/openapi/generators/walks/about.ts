// What the walks in TypeScript have in common: settings, and the lines that they print and read.
import { createInterface } from 'node:readline/promises';

export function setting(name: string): string {
  const value = process.env[name];
  if (value === undefined) throw new Error(`${name} is not set`);
  return value;
}

export function say(...words: unknown[]): void {
  console.log(words.join(' '));
}

/** The handle that the browser brought to the completion page. */
export async function handle(): Promise<string> {
  const lines = createInterface({ input: process.stdin });
  const line = await lines.question('');
  lines.close();
  return line;
}

export const customer: string = process.argv[2] ?? '';
export const user = 'anna';
