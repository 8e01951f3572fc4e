/**
 * `node programs/sensor/bundle.ts FOLDER [x64|arm64]` writes sensor.mjs, the sensor in one file, and with an architecture also
 * yagura-sensor-linux-ARCH.tar.gz with the Node runtime and the installer, and its .sha256.
 */
import { packByCommandLine } from "@yagura/edge/pack.ts";

await packByCommandLine("sensor", process.argv.slice(2));
