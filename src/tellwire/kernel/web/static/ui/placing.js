// Where a popover goes: below its button, above it where there is more room, never beyond the window's edge. Pure.
const GAP_PX = 4;
const EDGE_PX = 8;

/**
 * @param {{left: number, right: number, top: number, bottom: number}} anchor
 * @param {{width: number, height: number}} size
 * @param {{width: number, height: number}} view
 * @param {string} [side] the edge of the anchor that it is flush with: "start" or "end"
 */
export function placed(anchor, size, view, side = "start") {
  const below = view.height - anchor.bottom - GAP_PX - EDGE_PX;
  const above = anchor.top - GAP_PX - EDGE_PX;
  const isAbove = size.height > below && above > below;
  const maxHeight = Math.max(0, isAbove ? above : below);
  const height = Math.min(size.height, maxHeight);
  const wanted = side === "end" ? anchor.right - size.width : anchor.left;
  return {
    left: Math.max(EDGE_PX, Math.min(wanted, view.width - size.width - EDGE_PX)),
    top: isAbove ? anchor.top - GAP_PX - height : anchor.bottom + GAP_PX,
    maxHeight,
  };
}
