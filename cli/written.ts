import type { Io } from "./io.ts";

/** In UTF-16 units. */
const piece = 65_536;

/** Long output, written in pieces as it comes about. */
export class Written {
  readonly #io: Io;
  #text = "";

  constructor(io: Io) {
    this.#io = io;
  }

  add(text: string): void {
    this.#text += text;
    if (this.#text.length >= piece) this.end();
  }

  end(): void {
    this.#io.out(this.#text);
    this.#text = "";
  }
}
