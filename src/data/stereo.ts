/** A recording: samples within ±1, both sides of one length. */
export interface Stereo {
  left: Float32Array
  right: Float32Array
  sampleRate: number
}
