// The only file that knows where the vendored modules lie and what they are called.
import { Fragment, h, render } from "/static/shared/vendor/preact.js";
import {
  useCallback, useEffect, useId, useLayoutEffect, useMemo, useRef, useState,
} from "/static/shared/vendor/hooks.js";
import {
  batch, computed, effect, signal, useComputed, useSignal, useSignalEffect,
} from "/static/shared/vendor/signals.js";
import htm from "/static/shared/vendor/htm.js";

export const html = htm.bind(h);
export {
  Fragment, batch, computed, effect, h, render, signal, useCallback, useComputed, useEffect, useId, useLayoutEffect,
  useMemo, useRef, useSignal, useSignalEffect, useState,
};
