export { cut } from "./cut";
export { read } from "./read";
