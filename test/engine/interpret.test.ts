import { describe } from "node:test";
import { interpret } from "../../engine/index.ts";
import { runBehaviour } from "./behaviour.ts";

describe("the interpreter", () => runBehaviour(interpret));
