/** The process behind `Dialler`. It ends with its parent. */
import { connect } from "node:tls";
import type { Dialled, Dialling, Shown } from "./dialler.ts";

const patience = 10_000;

/** The key type, suite and group are the same for every server. */
const profile = {
  minVersion: "TLSv1.3",
  ciphers: "TLS_AES_256_GCM_SHA384",
  ecdhCurve: "X25519",
  rejectUnauthorized: false,
} as const;

/** Why it did not come about; undefined: it did. */
function connection(
  { port, request }: Dialling,
  { certificate, privateKey }: Shown,
): Promise<string | undefined> {
  return new Promise((resolve) => {
    const socket = connect({ host: "127.0.0.1", port, ...profile, cert: certificate, key: privateKey });
    let heard = "";
    let cause = "the server closed it";
    socket.setTimeout(patience, () => {
      cause = "nothing came";
      socket.destroy();
    });
    socket.once("secureConnect", () => {
      if (request === undefined) {
        cause = "";
        socket.end();
      } else socket.write(request.replaceAll("PORT", String(socket.localPort)));
    });
    socket.on("data", (chunk: Buffer) => {
      heard += chunk.toString("latin1");
      if (!heard.includes("\r\n\r\n")) return;
      cause = heard.startsWith("SIP/2.0 200 ") ? "" : `it answered ${heard.split("\r\n")[0]}`;
      socket.end();
    });
    socket.once("error", ({ message }) => {
      cause = message;
    });
    socket.once("close", () => resolve(cause === "" ? undefined : cause));
  });
}

async function dial(dialling: Dialling): Promise<Dialled> {
  const left = dialling.shows.values();
  const failures: string[] = [];
  const line = async (): Promise<void> => {
    for (const shown of left) {
      const failure = await connection(dialling, shown);
      if (failure !== undefined) failures.push(failure);
    }
  };
  await Promise.all(Array.from({ length: dialling.atATime }, line));
  return { failures };
}

process.on("message", (dialling: Dialling) => {
  void dial(dialling).then((dialled) => process.send?.(dialled));
});
