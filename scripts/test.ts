/**
 * `npm test`: every test, engines and network namespaces for real. Ends with one line: `N passed, N failed, N skipped`.
 * As root nothing is skipped; as an ordinary user the network tests make their namespaces inside a user namespace, and only
 * what truly needs root is skipped, by name.
 */
import { spawn } from "node:child_process";
import { mkdirSync, readFileSync, rmSync } from "node:fs";

interface Report {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numPendingTests: number;
  readonly numTodoTests: number;
  readonly success: boolean;
  readonly testResults: readonly {
    readonly name: string;
    readonly status: string;
    readonly message: string;
    readonly assertionResults: readonly { readonly fullName: string; readonly status: string }[];
  }[];
}

const report = ".cache/tests.json";
const argv = process.argv.slice(2);
mkdirSync(".cache", { recursive: true });
rmSync(report, { force: true });
const child = spawn(
  "vitest",
  ["run", "--reporter=default", "--reporter=json", `--outputFile.json=${report}`, ...argv],
  {
    stdio: "inherit",
  },
);
const status = await new Promise<number>((done) => child.on("exit", (code) => done(code ?? 1)));
const result = JSON.parse(readFileSync(report, "utf8")) as Report;
const skipped = result.testResults.flatMap(({ assertionResults }) =>
  assertionResults.filter((one) => one.status === "pending" || one.status === "skipped").map((one) => one.fullName),
);
for (const name of skipped) console.log(`skipped: ${name}`);
const brokenFiles = result.testResults.filter((file) => file.status === "failed" && file.assertionResults.length === 0);
for (const file of brokenFiles) console.log(`failed to run: ${file.name}: ${file.message}`);
const failed = result.numFailedTests + brokenFiles.length + (status !== 0 && result.success ? 1 : 0);
console.log(`${result.numPassedTests} passed, ${failed} failed, ${skipped.length + result.numTodoTests} skipped`);
process.exitCode = failed === 0 && status === 0 ? 0 : 1;
