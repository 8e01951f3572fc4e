/**
 * `node programs/agent/bundle.ts FOLDER [x64|arm64]` writes agent.mjs, the agent in one file, and with an architecture also
 * yagura-agent-linux-ARCH.tar.gz with the Node runtime and the installer, and its .sha256.
 */
import { packByCommandLine } from "@yagura/edge/pack.ts";

await packByCommandLine("agent", process.argv.slice(2));
