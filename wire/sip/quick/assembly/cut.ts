/** The message in the head without what is listed at `gapsAt`. */
import { cutAt, gapsAt, headAt } from "../layout";

/** Writes the message's first `end` bytes without `count` gaps to `cutAt`; answers how many are left. */
export function cut(count: u32, end: u32): u32 {
  let from: usize = headAt;
  let to: usize = cutAt;
  for (let gap: u32 = 0; gap < count; gap++) {
    const at: usize = gapsAt + (gap << 3);
    to = copy(from, headAt + load<u32>(at), to);
    from = headAt + load<u32>(at, 4);
  }
  return <u32>(copy(from, headAt + end, to) - cutAt);
}

/** Sixteen bytes at a time: what is written too far is written over, or stands behind the end. */
function copy(from: usize, end: usize, to: usize): usize {
  let target = to;
  for (let i = from; i < end; i += 16) {
    v128.store(target, v128.load(i));
    target += 16;
  }
  return to + (end - from);
}
