/** `npm run check`: types, lint, format, architecture and unit tests. Runs the independent ones side by side. */
import { spawn } from "node:child_process";

interface Step {
  readonly name: string;
  readonly command: string;
  readonly arguments: readonly string[];
}

const steps: readonly Step[] = [
  { name: "types", command: "tsc", arguments: ["-b"] },
  { name: "lint", command: "oxlint", arguments: ["--type-aware"] },
  { name: "format", command: "oxfmt", arguments: ["--check"] },
  { name: "unit tests", command: "vitest", arguments: ["run", "--project", "unit", "--reporter", "dot"] },
];

async function run(step: Step): Promise<{ step: Step; status: number; output: string; seconds: number }> {
  const started = performance.now();
  const child = spawn(step.command, step.arguments, {
    stdio: ["ignore", "pipe", "pipe"],
    // Randomised tests draw a part of their cases here and all of them in `npm test`.
    env: { ...process.env, NO_COLOR: "1", YAGURA_CASES: "quick" },
  });
  const output: Buffer[] = [];
  child.stdout.on("data", (piece: Buffer) => output.push(piece));
  child.stderr.on("data", (piece: Buffer) => output.push(piece));
  const status = await new Promise<number>((done) => {
    child.on("exit", (code) => done(code ?? 1));
    child.on("error", () => done(1));
  });
  return { step, status, output: Buffer.concat(output).toString(), seconds: (performance.now() - started) / 1000 };
}

const results = await Promise.all(steps.map(run));
for (const { step, status, output, seconds } of results) {
  console.log(`${status === 0 ? "ok    " : "FAILED"} ${step.name} (${seconds.toFixed(1)} s)`);
  if (status !== 0) console.log(output);
}
process.exitCode = results.every(({ status }) => status === 0) ? 0 : 1;
