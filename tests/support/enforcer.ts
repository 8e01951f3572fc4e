/** `node enforcer.ts --enforcer FOLDER`: the enforcer alone, as the sensor starts it. */
import { runEnforcer } from "@yagura/ot/edge/enforce/run-enforcer.ts";

process.exit(await runEnforcer(process.argv[3] ?? ""));
