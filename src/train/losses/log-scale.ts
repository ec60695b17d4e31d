/** Temperatures below 1/100 make training unstable (CLIP, Radford et al. 2021, section 2.5). */
export const MAX_LOG_SCALE = Math.log(100)

/** Limits the learnable log of the inverse temperature, in place: call it after each update, the loss itself knows no limit. */
export function clampLogScale(logScale: Float32Array): void {
  for (let i = 0; i < logScale.length; i++) logScale[i] = Math.min(logScale[i], MAX_LOG_SCALE)
}
