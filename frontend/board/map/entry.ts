// What is loaded when a map is wanted.
export { canDraw } from "../../shared/basemap";
export { BoardMap } from "./map";
