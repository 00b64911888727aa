/** Reads `border.json`. Whatever is wrong with it is a list of mistakes, never an exception. */
import { randomBytes } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { dirname, isAbsolute, join, resolve } from "node:path";
import { domainName } from "../../wire/certificate/index.ts";
import type { LogLevel } from "../operation/log.ts";
import { defaultPort } from "../routing/default-port.ts";
import { canonicalAddress } from "../routing/ip-address.ts";
import { type BorderJson, type FileMistake, readBorderJson } from "./border-json.ts";
import {
  type BorderConfiguration,
  type BorderTransport,
  defaultQueue,
  type Hop,
  type ListenerSettings,
  type NetworkSettings,
  type OwnCertificate,
} from "./configuration.ts";
import { readDns } from "./dns-settings.ts";
import { type PublishingSettings, readPublishing } from "./publishing.ts";

export interface BorderFile {
  /** Path of the policy; relative where that of border.json is. */
  readonly policy: string;
  readonly shadow: ShadowSettings | undefined;
  readonly configuration: BorderConfiguration;
  readonly log: LogSettings;
  /** Processes that share the listeners, at least one. */
  readonly workers: number;
  /** Where an operator's machines ask over HTTP; undefined: nowhere. */
  readonly operation: { readonly address: string; readonly port: number } | undefined;
  /** Where DNS is answered for what the policy publishes; undefined: nowhere. */
  readonly publish: PublishingSettings | undefined;
  /** The secret stands in the file, or in one that it names; else it was made up. */
  readonly isSecretGiven: boolean;
  /** Every file that was read, border.json first. */
  readonly paths: readonly string[];
  /** What the operator should know, though it starts. */
  readonly warnings: readonly FileMistake[];
}

/** A policy on trial beside the one in force. */
interface ShadowSettings {
  readonly policy: string;
  /** Of the calls that it decides too: more than 0, at most 1. */
  readonly share: number;
}

/** Lines for people, or JSON lines (`BorderLog`). */
export type LogSettings =
  | { readonly format: "text"; readonly level: "decisions" | "quiet" }
  | {
      readonly format: "json";
      readonly level: LogLevel;
      readonly identities: "masked" | "shown";
      readonly accounts: boolean;
    };

export type BorderFileResult =
  | { readonly ok: true; readonly file: BorderFile }
  | { readonly ok: false; readonly mistakes: readonly FileMistake[] };

export function readBorderFile(path: string): BorderFileResult {
  const json = readBorderJson(path);
  if (!json.ok) return json;
  const reader = new Reader(path, json.value);
  const file = reader.read();
  return reader.mistakes.length > 0 ? { ok: false, mistakes: reader.mistakes } : { ok: true, file };
}

/** `udp:192.0.2.1:5060`, `tls:[2001:db8::1]`. Names are not looked up. */
export function readHop(text: string): Hop | undefined {
  const match = /^(udp|tcp|tls):(\[[^\]]+\]|[^:]+)(?::(\d{1,5}))?$/.exec(text);
  if (match === null) return undefined;
  const transport: BorderTransport = match[1] === "udp" ? "udp" : match[1] === "tcp" ? "tcp" : "tls";
  const address = canonicalAddress(match[2]!);
  const port = match[3] === undefined ? defaultPort(transport) : Number(match[3]);
  return address === undefined || port < 1 || port > 65535 ? undefined : { transport, address, port };
}

function logSettings(log: BorderJson["log"] = "decisions"): LogSettings {
  if (typeof log === "string") return { format: "text", level: log };
  const { level, identities = "masked", accounts = false } = log;
  return { format: "json", level, identities, accounts };
}

class Reader {
  readonly mistakes: FileMistake[] = [];
  private readonly warnings: FileMistake[] = [];
  private readonly paths: string[];
  private readonly path: string;
  private readonly json: BorderJson;

  constructor(path: string, json: BorderJson) {
    this.path = path;
    this.json = json;
    this.paths = [path];
  }

  read(): BorderFile {
    const listeners = this.json.listeners.map((_, index) => this.readListener(index));
    this.checkSockets(listeners);
    const networks = new Map(Object.keys(this.json.networks).map((name) => [name, this.readNetwork(name)]));
    const { sources, connections, oversize, lossy, dns } = this.json;
    return {
      policy: this.policyPath(this.json.policy),
      shadow: this.readShadow(),
      configuration: {
        secret: this.readSecret(),
        listeners,
        networks,
        queue: { ...defaultQueue, ...this.json.queue },
        ...(lossy === undefined ? {} : { lossy }),
        ...(oversize === undefined ? {} : { oversize }),
        ...(sources === undefined
          ? {}
          : { sources: { ...sources, messages: sources.messages, connections: sources.connections } }),
        ...(connections === undefined ? {} : { connections }),
        ...(dns === undefined
          ? {}
          : { dns: readDns(dns, (place, cause, remedy) => this.mistake(place, cause, remedy)) }),
      },
      log: logSettings(this.json.log),
      workers: this.json.workers ?? 1,
      operation: this.readOperation(),
      publish: readPublishing(this.json.publish, (place, cause, remedy) =>
        this.mistake(place, cause, remedy),
      ),
      isSecretGiven: this.json.secret !== undefined || this.json.secretFile !== undefined,
      paths: this.paths,
      warnings: this.warnings,
    };
  }

  private readShadow(): ShadowSettings | undefined {
    const { shadow } = this.json;
    if (shadow === undefined) return undefined;
    const { policy, share = 1 } = typeof shadow === "string" ? { policy: shadow } : shadow;
    return { policy: this.policyPath(policy), share };
  }

  private policyPath(name: string): string {
    return isAbsolute(name) ? name : join(dirname(this.path), name);
  }

  private readListener(index: number): ListenerSettings {
    const place = `/listeners/${index}`;
    const { name, transport, address, port, host, certificate, key, certificates } =
      this.json.listeners[index]!;
    const canonical = canonicalAddress(address);
    if (canonical === undefined) {
      this.mistake(
        `${place}/address`,
        `\`${address}\` is no IP address`,
        "write an address of this machine, such as 127.0.0.1",
      );
    } else if (host === undefined && (canonical === "0.0.0.0" || canonical === "::")) {
      this.mistake(
        place,
        "peers can't answer to an unspecified address",
        'add "host": the name or address that peers see',
      );
    }
    if ((certificate === undefined) !== (key === undefined)) {
      this.mistake(
        place,
        "`certificate` and `key` belong together",
        `add "${key === undefined ? "key" : "certificate"}"`,
      );
    }
    return {
      name,
      transport,
      address: canonical ?? address,
      port,
      host: host ?? canonical ?? address,
      certificate: this.readPem(`${place}/certificate`, certificate),
      key: this.readPem(`${place}/key`, key),
      ...(certificates === undefined
        ? {}
        : { certificates: certificates.map((one, at) => this.readOwn(`${place}/certificates/${at}`, one)) }),
    };
  }

  private readOwn(
    place: string,
    {
      domains,
      host,
      certificate,
      key,
    }: Readonly<Record<"certificate" | "key", string>> & {
      readonly domains: readonly string[];
      readonly host?: string;
    },
  ): OwnCertificate {
    const read = domains.flatMap((text, index) => {
      const domain = domainName(text);
      if (domain !== undefined) return [domain];
      this.mistake(
        `${place}/domains/${index}`,
        `\`${text}\` is no domain`,
        "write one as peers ask for it, such as home1.example; wildcards name nobody (RFC 5922 7.2)",
      );
      return [];
    });
    const name = host === undefined || canonicalAddress(host) !== undefined ? undefined : domainName(host);
    if (host !== undefined && name === undefined) {
      const remedy = "write a name that the certificate holds, such as edge.home1.example (RFC 5922 7.5)";
      this.mistake(`${place}/host`, `\`${host}\` is no name of a host`, remedy);
    }
    return {
      domains: read,
      ...(name === undefined ? {} : { host: name }),
      certificate: this.readPem(`${place}/certificate`, certificate) ?? "",
      key: this.readPem(`${place}/key`, key) ?? "",
    };
  }

  /** The second of two on one socket can't be bound. */
  private checkSockets(listeners: readonly ListenerSettings[]): void {
    const first = new Map<string, number>();
    for (const [index, { transport, address, port }] of listeners.entries()) {
      const key = `${transport === "udp" ? "udp" : "tcp"} ${address} ${port}`;
      const earlier = port === 0 ? undefined : first.get(key);
      if (earlier === undefined) first.set(key, index);
      else {
        this.mistake(
          `/listeners/${index}`,
          `address and port are those of /listeners/${earlier}`,
          "give it a port of its own, or take one of the two away",
        );
      }
    }
  }

  private readPem(place: string, name: string | undefined): string | undefined {
    if (name === undefined) return undefined;
    const text = this.readText(place, name);
    if (text !== undefined && !text.includes("-----BEGIN ")) {
      this.mistake(place, `\`${name}\` holds no PEM`, "give a file with -----BEGIN … lines");
    }
    return text;
  }

  private readText(place: string, name: string): string | undefined {
    const full = resolve(dirname(this.path), name);
    this.paths.push(full);
    try {
      return readFileSync(full, "utf8");
    } catch {
      const cause = existsSync(full) ? `\`${full}\` can't be read` : `there is no file \`${full}\``;
      this.mistake(place, cause, "paths count from the folder of border.json");
      return undefined;
    }
  }

  private readNetwork(name: string): NetworkSettings {
    const { hops = [], listener, ping = 0, numeric = false, ...shares } = this.json.networks[name]!;
    const seen = new Map<string, number>();
    const read = hops.flatMap((text, index) => {
      const place = `/networks/${name}/hops/${index}`;
      const hop = readHop(text);
      if (hop !== undefined) {
        const key = `${hop.transport} ${hop.address} ${hop.port}`;
        const earlier = seen.get(key);
        if (earlier !== undefined)
          this.mistake(place, `it is hop ${earlier} once more`, "take it away: hops have equal shares");
        seen.set(key, index);
        return [hop];
      }
      this.mistake(
        place,
        `\`${text}\` is no hop`,
        "write transport:address:port, such as udp:192.0.2.1:5060 or tls:[2001:db8::1]:5061",
      );
      return [];
    });
    if (listener !== undefined && !this.json.listeners.some((one) => one.name === listener)) {
      this.mistake(
        `/networks/${name}/listener`,
        `there is no listener \`${listener}\``,
        `name one of ${[...new Set(this.json.listeners.map((one) => one.name))].join(", ")}`,
      );
    }
    return { hops: read, listener, ping: ping * 1000, numeric, ...shares };
  }

  private readOperation(): BorderFile["operation"] {
    const { operation } = this.json;
    if (operation === undefined) return undefined;
    const { address = "127.0.0.1", port } = operation;
    const canonical = canonicalAddress(address);
    if (canonical === undefined) {
      this.mistake(
        "/operation/address",
        `\`${address}\` is no IP address`,
        "write an address of this machine; nobody else should reach it: 127.0.0.1 is the default",
      );
    }
    return { address: canonical ?? address, port };
  }

  private readSecret(): Uint8Array {
    const { secret, secretFile } = this.json;
    const place = secret === undefined ? "/secretFile" : "/secret";
    if (secret === undefined && secretFile === undefined) {
      this.warnings.push({
        place: `${this.path} /`,
        cause: "no secret: one was made up for this run",
        remedy: 'add "secretFile" with 32 hexadecimal digits, so that calls in progress outlive a restart',
      });
      return randomBytes(16);
    }
    if (secret !== undefined && secretFile !== undefined) {
      this.mistake("/secretFile", "there is a `secret` too", "keep one of the two");
      return new Uint8Array(16);
    }
    const text = (secret ?? this.readText(place, secretFile!) ?? "").trim();
    if (!/^[0-9a-f]{32}$/i.test(text)) {
      this.mistake(place, "a secret is 32 hexadecimal digits", "make one with: openssl rand -hex 16");
      return new Uint8Array(16);
    }
    return Buffer.from(text, "hex");
  }

  private mistake(place: string, cause: string, remedy: string): void {
    this.mistakes.push({ place: `${this.path} ${place}`, cause, remedy });
  }
}
