/** Runs inside a namespace: a unix socket outside leads to a TCP port inside. `relay.ts SOCKET PORT`. */
import { connect, createServer } from "node:net";

const [socketPath = "", port = "0"] = process.argv.slice(2);
createServer((outside) => {
  const inside = connect(Number(port), "127.0.0.1");
  outside.pipe(inside).pipe(outside);
  for (const end of [outside, inside])
    end.on("error", () => {
      outside.destroy();
      inside.destroy();
    });
}).listen(socketPath, () => console.log("relay ready"));
