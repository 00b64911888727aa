/** Reads what a URI says of the way. */
import { ParameterCursor, UriReader } from "../../wire/index.ts";
import { textOf } from "../hash/message-bytes.ts";
import { isName } from "../via/via-reader.ts";
import { canonicalAddress } from "./ip-address.ts";
import type { NextUri } from "./route.ts";

/** Host in lower case, port 0 where none is written. */
export type IsOurs = (host: string, port: number) => boolean;

export const noUri: NextUri = {
  kind: "other",
  user: false,
  host: "",
  address: undefined,
  port: 0,
  transport: undefined,
  loose: false,
  ours: false,
};

export class NextUriReader {
  /** Stands on the parameter that `findValue` has found. */
  readonly parameters: ParameterCursor = new ParameterCursor();
  private readonly uri = new UriReader();
  private readonly isOurs: IsOurs;

  constructor(isOurs: IsOurs) {
    this.isOurs = isOurs;
  }

  /** `noUri` where it can't be read. */
  read(bytes: Uint8Array, start: number, end: number): NextUri {
    const { uri } = this;
    if (!uri.read(bytes, start, end)) return noUri;
    if (uri.hostStart < 0) return { ...noUri, kind: uri.kind };
    const host = textOf(bytes, uri.hostStart, uri.hostEnd).toLowerCase();
    const port = Math.max(0, uri.port);
    const transport = this.findValue(bytes, "transport")
      ? textOf(bytes, this.parameters.valueStart, this.parameters.valueEnd).toLowerCase()
      : undefined;
    return {
      kind: uri.kind,
      user: uri.userStart >= 0,
      host: host.startsWith("[") ? host.slice(1, -1) : host,
      address: canonicalAddress(host),
      port,
      transport,
      loose: this.findParameter(bytes, "lr"),
      ours: this.isOurs(host, port),
    };
  }

  /** A parameter with a value, of the URI that was read last. */
  findValue(bytes: Uint8Array, name: string): boolean {
    return this.findParameter(bytes, name) && this.parameters.valueStart >= 0;
  }

  private findParameter(bytes: Uint8Array, name: string): boolean {
    const { parameters, uri } = this;
    if (uri.parametersStart < 0) return false;
    parameters.reset(bytes, uri.parametersStart, uri.parametersEnd, ";");
    while (parameters.next()) {
      if (isName(bytes, parameters.nameStart, parameters.nameEnd, name)) return true;
    }
    return false;
  }
}
