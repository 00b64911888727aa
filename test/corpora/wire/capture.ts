/** A reader of capture files, enough for the tests: Ethernet and raw IPv4 or IPv6, UDP and TCP, no fragments. */

export interface Packet {
  readonly transport: "udp" | "tcp";
  /** Both ends, in the direction of the packet. */
  readonly flow: string;
  readonly sequence: number;
  readonly payload: Uint8Array;
}

export function readCapture(file: Uint8Array): Packet[] {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const frames = view.getUint32(0, true) === 0x0a0d0d0a ? pcapng(file, view) : pcap(file, view);
  return frames.map(({ link, bytes }) => packet(link, bytes)).filter((one) => one !== undefined);
}

interface Frame {
  readonly link: number;
  readonly bytes: Uint8Array;
}

function pcap(file: Uint8Array, view: DataView): Frame[] {
  const little = [0xa1b2c3d4, 0xa1b23c4d].includes(view.getUint32(0, true));
  const link = view.getUint32(20, little);
  const frames: Frame[] = [];
  for (let at = 24; at + 16 <= file.length; ) {
    const size = view.getUint32(at + 8, little);
    frames.push({ link, bytes: file.subarray(at + 16, at + 16 + size) });
    at += 16 + size;
  }
  return frames;
}

function pcapng(file: Uint8Array, view: DataView): Frame[] {
  const links: number[] = [];
  const frames: Frame[] = [];
  for (let at = 0; at + 12 <= file.length; ) {
    const type = view.getUint32(at, true);
    const size = view.getUint32(at + 4, true);
    if (type === 1) links.push(view.getUint16(at + 8, true));
    if (type === 6) {
      const length = view.getUint32(at + 20, true);
      frames.push({
        link: links[view.getUint32(at + 8, true)] ?? 1,
        bytes: file.subarray(at + 28, at + 28 + length),
      });
    }
    at += size;
  }
  return frames;
}

function packet(link: number, frame: Uint8Array): Packet | undefined {
  let at = 0;
  if (link === 1) {
    at = 14;
    while (frame[at - 2] === 0x81 && frame[at - 1] === 0) at += 4;
  }
  const version = (frame[at] ?? 0) >> 4;
  const view = new DataView(frame.buffer, frame.byteOffset, frame.byteLength);
  let protocol: number;
  let end: number;
  let ends: string;
  if (version === 4) {
    const header = (frame[at]! & 15) * 4;
    protocol = frame[at + 9]!;
    end = at + view.getUint16(at + 2);
    ends = `${frame.subarray(at + 12, at + 16).join(".")} ${frame.subarray(at + 16, at + 20).join(".")}`;
    at += header;
  } else if (version === 6) {
    protocol = frame[at + 6]!;
    end = at + 40 + view.getUint16(at + 4);
    ends = frame.subarray(at + 8, at + 40).join(":");
    at += 40;
  } else {
    return undefined;
  }
  if (protocol !== 17 && protocol !== 6) return undefined;
  const flow = `${ends} ${view.getUint16(at)} ${view.getUint16(at + 2)}`;
  const header = protocol === 17 ? 8 : (frame[at + 12]! >> 4) * 4;
  const payload = frame.subarray(at + header, Math.min(end, frame.length));
  return {
    transport: protocol === 17 ? "udp" : "tcp",
    flow,
    sequence: protocol === 17 ? 0 : view.getUint32(at + 4),
    payload,
  };
}

/** The segments of each TCP flow in order, without those sent twice. */
export function streamsOf(packets: readonly Packet[]): ReadonlyMap<string, readonly Uint8Array[]> {
  const flows = new Map<string, Map<number, Uint8Array>>();
  for (const { transport, flow, sequence, payload } of packets) {
    if (transport !== "tcp" || payload.length === 0) continue;
    const segments = flows.get(flow) ?? new Map<number, Uint8Array>();
    segments.set(sequence, payload);
    flows.set(flow, segments);
  }
  return new Map(
    [...flows].map(([flow, segments]) => [
      flow,
      [...segments].toSorted(([a], [b]) => a - b).map(([, payload]) => payload),
    ]),
  );
}
