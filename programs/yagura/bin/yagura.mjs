#!/usr/bin/env node
// `npx yagura …`: the command line, on the Node that the bootstrap finds.
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

process.argv.splice(2, 0, "yagura");
const bootstrap = join(dirname(fileURLToPath(import.meta.url)), "..", "..", "..", "scripts", "bootstrap.mjs");
await import(bootstrap);
