// The only file that knows where the vendored plotting module lies.
export { default as uPlot } from "/static/shared/vendor/uplot.js";
