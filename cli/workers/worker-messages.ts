/** What the primary and its workers say to each other. Types and prose only: plain data, copied by `node:cluster`. */
import type { BorderConfiguration, Listening, ProcessMetrics } from "../../border/index.ts";

export type ToWorker =
  | WorkerStart
  /** Read all files anew, and take them over: `loaded` answers. */
  | { readonly kind: "load" }
  /** `metrics` answers. */
  | { readonly kind: "count" }
  /** The numbers of the workers that serve now, the addressee's own among them. */
  | { readonly kind: "siblings"; readonly instances: readonly number[] }
  | HandedBatch
  /** So many bytes of what was handed to the worker `by` have been dealt with. */
  | { readonly kind: "taken"; readonly by: number; readonly bytes: number }
  /** End, in order. */
  | { readonly kind: "stop" };

/** The first word to a worker: `started` answers. */
export interface WorkerStart {
  readonly kind: "start";
  /** Of border.json. */
  readonly path: string;
  /** Its number as a sibling: 24 bits, and no worker before had it. */
  readonly instance: number;
  /** What the other workers run by; its secret is that of all. */
  readonly configuration: BorderConfiguration;
  readonly workers: number;
  /** Of the listeners, in their order, where no other worker holds the sockets that border.json leaves open. */
  readonly ports: readonly number[] | undefined;
  /** 32 bytes: Call-IDs are told alike by all. */
  readonly pseudonymKey: Uint8Array;
}

/** Responses for the worker that holds the connections of their requests. */
export interface HandedBatch {
  readonly kind: "handed";
  /** To the primary: whom they are for; from it: who handed them. */
  readonly worker: number;
  /** Of the messages, not of `responses`. */
  readonly bytes: number;
  /** `HandedResponse[]` as `node:v8` writes it: the primary passes it on unread. */
  readonly responses: Uint8Array;
}

/** `listening`: the first word of a worker; what it is told before that is lost. */
export type FromWorker = { readonly kind: "listening" } | WorkerAnswer | HandedBatch | HandedTaken;

/** So many bytes of what the worker `of` has handed have been dealt with. */
export interface HandedTaken {
  readonly kind: "taken";
  readonly of: number;
  readonly bytes: number;
}

/** `complaint`: why not, as standard error is to say it. */
export type WorkerAnswer =
  | { readonly kind: "started"; readonly listeners: readonly Listening[]; readonly complaint?: undefined }
  | { readonly kind: "started"; readonly complaint: string }
  | { readonly kind: "loaded"; readonly complaint: string | undefined }
  | { readonly kind: "metrics"; readonly metrics: ProcessMetrics };
