// The part of uPlot that the kit's plot uses; the module is vendored without its own types.
export default class uPlot {
  static paths: { bars(options: { size: [number, number]; align: 1 }): unknown };
  constructor(options: object, data: (number | null)[][], box: Element);
  width: number;
  bbox: { left: number; top: number; width: number; height: number };
  cursor: { idx?: number | null };
  data: number[][];
  setData(data: (number | null)[][]): void;
  setSize(size: { width: number; height: number }): void;
  setCursor(place: { left: number; top: number }): void;
  valToPos(value: number, scale: "x" | "y"): number;
  posToVal(place: number, scale: "x" | "y"): number;
  destroy(): void;
}
