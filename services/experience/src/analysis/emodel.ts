/** ITU-T G.107 (06/2015), the narrowband E-model, in full: from delays, losses and codec to the rating R and the mean opinion score. */
import type { ProbeKind } from "../wire/configuration.ts";

/** Parameters of G.107 table 2, under the Recommendation's own names. Levels in dB or dBm0p, times in ms, losses in percent. */
export interface EmodelParameters {
  /** Sending loudness rating, dB. */ readonly SLR: number;
  /** Receiving loudness rating, dB. */ readonly RLR: number;
  /** Sidetone masking rating, dB. */ readonly STMR: number;
  /** Listener sidetone rating, dB. */ readonly LSTR: number;
  /** D-value of the telephone, sending side. */ readonly Ds: number;
  /** D-value of the telephone, receiving side. */ readonly Dr: number;
  /** Talker echo loudness rating, dB. */ readonly TELR: number;
  /** Weighted echo path loss, dB. */ readonly WEPL: number;
  /** Mean one-way delay of the echo path, ms. */ readonly T: number;
  /** Round-trip delay in a four-wire loop, ms. */ readonly Tr: number;
  /** Absolute delay in echo-free connections, ms. */ readonly Ta: number;
  /** Quantising distortion units. */ readonly qdu: number;
  /** Equipment impairment of the codec without loss. */ readonly Ie: number;
  /** Robustness of the codec against packet loss. */ readonly Bpl: number;
  /** Packet loss, percent. */ readonly Ppl: number;
  /** Burst ratio: mean loss-run length over that of random loss; 1 is random. */ readonly BurstR: number;
  /** Circuit noise at the 0 dBr point, dBm0p. */ readonly Nc: number;
  /** Noise floor at the receiver, dBmp. */ readonly Nfor: number;
  /** Room noise, sending side, dB(A). */ readonly Ps: number;
  /** Room noise, receiving side, dB(A). */ readonly Pr: number;
  /** Advantage factor: what people forgive for convenience. */ readonly A: number;
  /** Delay sensitivity of the listeners (1 is the default class). */ readonly sT: number;
  /** Smallest delay that listeners notice, ms. */ readonly mT: number;
}

/** The default values of G.107 table 2. */
export const emodelDefaults: EmodelParameters = {
  SLR: 8,
  RLR: 2,
  STMR: 15,
  LSTR: 18,
  Ds: 3,
  Dr: 3,
  TELR: 65,
  WEPL: 110,
  T: 0,
  Tr: 0,
  Ta: 0,
  qdu: 1,
  Ie: 0,
  Bpl: 4.3,
  Ppl: 0,
  BurstR: 1,
  Nc: -70,
  Nfor: -64,
  Ps: 35,
  Pr: 35,
  A: 0,
  sT: 1,
  mT: 100,
};

/** Ie and Bpl of common codecs: ITU-T G.113 Appendix I, tables I.1 to I.4. */
export const codecs = {
  "G.711": { Ie: 0, Bpl: 4.3 },
  "G.711 with concealment": { Ie: 0, Bpl: 25.1 },
  "G.729A with VAD": { Ie: 11, Bpl: 19 },
  "G.723.1 6.3 kbit/s with VAD": { Ie: 15, Bpl: 16.1 },
  "GSM EFR": { Ie: 5, Bpl: 10 },
} as const satisfies Record<string, Pick<EmodelParameters, "Ie" | "Bpl">>;
export type Codec = keyof typeof codecs;

export interface EmodelResult {
  /** Basic signal-to-noise ratio. */ readonly Ro: number;
  /** Impairments that come with the speech: loudness, sidetone, quantising. */ readonly Is: number;
  /** Impairments by delay and echo. */ readonly Id: number;
  /** The part of Id that too long an absolute delay causes. */ readonly Idd: number;
  /** Impairment by codec and packet loss. */ readonly IeEff: number;
  /** Transmission rating, R = Ro − Is − Id − IeEff + A. */ readonly R: number;
  /** Mean opinion score, 1 to 4.5. */ readonly mos: number;
}

const { log10, exp, sqrt } = Math;
const sum10 = (...levels: number[]): number => 10 * log10(levels.reduce((sum, level) => sum + 10 ** (level / 10), 0));

/** R and its terms (G.107 clause 7). Absent parameters have their default values. */
export function emodel(changed: Partial<EmodelParameters> = {}): EmodelResult {
  const p = { ...emodelDefaults, ...changed };
  const No = noise(p);
  const Ro = 15 - 1.5 * (p.SLR + No);
  const Ist = sidetone(p);
  const Is = loudness(p, No) + Ist + quantising(p, Ro);
  const Idd = absoluteDelay(p);
  const Id = talkerEcho(p, No, Ist) + listenerEcho(p, Ro) + Idd;
  const IeEff = p.Ie + ((95 - p.Ie) * p.Ppl) / (p.Ppl / p.BurstR + p.Bpl);
  const R = Ro - Is - Id - IeEff + p.A;
  return { Ro, Is, Id, Idd, IeEff, R, mos: mosOf(R) };
}

/** Clause 7.2: power sum of all noises, referred to the 0 dBr point. */
function noise(p: EmodelParameters): number {
  const OLR = p.SLR + p.RLR;
  const Nos = p.Ps - p.SLR - p.Ds - 100 + 0.004 * (p.Ps - OLR - p.Ds - 14) ** 2;
  const Pre = p.Pr + 10 * log10(1 + 10 ** ((10 - p.LSTR) / 10));
  const Nor = p.RLR - 121 + Pre + 0.008 * (Pre - 35) ** 2;
  return sum10(p.Nc, Nos, Nor, p.Nfor + p.RLR);
}

/** Clause 7.3: Iolr, too low an overall loudness rating. */
function loudness(p: EmodelParameters, No: number): number {
  const x = p.SLR + p.RLR + 0.2 * (64 + No - p.RLR);
  return 20 * ((1 + (x / 8) ** 8) ** (1 / 8) - x / 8);
}

/** Clause 7.3: Ist, sidetone that is not optimal. */
function sidetone(p: EmodelParameters): number {
  const STMRo = -10 * log10(10 ** (-p.STMR / 10) + exp(-p.T / 4) * 10 ** (-p.TELR / 10));
  return (
    12 * (1 + ((STMRo - 13) / 6) ** 8) ** (1 / 8) -
    28 * (1 + ((STMRo + 1) / 19.4) ** 35) ** (1 / 35) -
    13 * (1 + ((STMRo - 3) / 33) ** 13) ** (1 / 13) +
    29
  );
}

/** Clause 7.3: Iq, quantising distortion. */
function quantising(p: EmodelParameters, Ro: number): number {
  const Q = 37 - 15 * log10(p.qdu);
  const G = 1.07 + 0.258 * Q + 0.0602 * Q * Q;
  const Y = (Ro - 100) / 15 + 46 / 8.4 - G / 9;
  const Z = 46 / 30 - G / 40;
  return 15 * log10(1 + 10 ** Y + 10 ** Z);
}

/** Clause 7.4: Idte, talker echo. */
function talkerEcho(p: EmodelParameters, No: number, Ist: number): number {
  let TERV = p.TELR - 40 * log10((1 + p.T / 10) / (1 + p.T / 150)) + 6 * exp(-0.3 * p.T * p.T);
  if (p.STMR < 9) TERV += Ist / 2;
  const Roe = -1.5 * (No - p.RLR);
  const Re = 80 + 2.5 * (TERV - 14);
  const Idte = ((Roe - Re) / 2 + sqrt((Roe - Re) ** 2 / 4 + 100) - 1) * (1 - exp(-p.T));
  return p.STMR > 20 ? sqrt(Idte ** 2 + Ist ** 2) : Idte;
}

/** Clause 7.4: Idle, listener echo. */
function listenerEcho(p: EmodelParameters, Ro: number): number {
  const Rle = 10.5 * (p.WEPL + 7) * (p.Tr + 1) ** -0.25;
  return (Ro - Rle) / 2 + sqrt((Ro - Rle) ** 2 / 4 + 169);
}

/** Clause 7.4: Idd, an absolute delay that hurts even without echo. */
function absoluteDelay(p: EmodelParameters): number {
  if (p.Ta <= p.mT) return 0;
  const x = log10(p.Ta / p.mT) / log10(2);
  const n = 6 * p.sT;
  return 25 * ((1 + x ** n) ** (1 / n) - 3 * (1 + (x / 3) ** n) ** (1 / n) + 2);
}

/**
 * Mean opinion score of a rating (G.107 Annex B). The polynomial dips a hair under 1 between R 0 and 6.5; a score under the
 * scale's own floor has no meaning, so it stops at 1.
 */
export function mosOf(R: number): number {
  if (R <= 0) return 1;
  if (R >= 100) return 4.5;
  return Math.max(1, 1 + 0.035 * R + R * (R - 60) * (100 - R) * 7e-6);
}

/** What a measured path says about a telephone call over it. */
export interface VoicePath {
  /** Median round trip, µs. */ readonly rttUs: number;
  /** Mean absolute difference of successive round trips, µs. */ readonly jitterUs: number;
  /** Share of packets that never came or came too late to be played, 0 to 1. */ readonly loss: number;
  /** Burst ratio; 1 when unknown. */ readonly burstRatio: number;
}

/** One packet holds 20 ms of speech, so that much delay is spent before it leaves. */
export const PACKET_MS = 20;
/** The receiver's buffer is taken to hold twice the jitter … */
export const BUFFER_JITTERS = 2;
/** … but no receiver waits longer than this, ms. */
export const BUFFER_LIMIT_MS = 200;

/**
 * One-way delay from mouth to ear, ms: half the round trip (the path is taken to be symmetric; a round trip cannot tell),
 * plus packetisation, plus the jitter buffer.
 */
export function voiceDelay(path: Pick<VoicePath, "rttUs" | "jitterUs">): number {
  const buffer = Math.min(BUFFER_LIMIT_MS, (BUFFER_JITTERS * path.jitterUs) / 1000);
  return path.rttUs / 2000 + PACKET_MS + buffer;
}

/** R and MOS of a call in G.711 with packet-loss concealment (or another codec) over the path. */
export function voice(path: VoicePath, codec: Codec = "G.711 with concealment"): { r: number; mos: number } {
  const Ta = voiceDelay(path);
  const result = emodel({
    ...codecs[codec],
    T: Ta,
    Ta,
    Tr: 2 * Ta,
    Ppl: 100 * path.loss,
    BurstR: Math.max(1, path.burstRatio),
  });
  return { r: Math.max(0, result.R), mos: result.mos };
}

/**
 * A call over the path of a session; null where it means nothing: a name lookup or a web page is no packet of speech (voice is
 * told of ICMP and TCP alone), or nothing was sent. Nulls among the figures are unknown.
 */
export function voiceOf(
  probe: ProbeKind,
  figures: {
    readonly sent: number;
    readonly lost: number;
    readonly late: number;
    readonly p50Us: number | null;
    readonly jitterUs: number | null;
    readonly burstRatio: number | null;
  },
): { r: number; mos: number } | null {
  const { sent, lost, late, p50Us, jitterUs } = figures;
  if ((probe !== "icmp" && probe !== "tcp") || sent === 0) return null;
  // Nobody answered: nothing is known of the delay, and it no longer matters.
  if (p50Us === null) return { r: 0, mos: 1 };
  return voice({
    rttUs: p50Us,
    jitterUs: jitterUs ?? 0,
    loss: (lost + late) / sent,
    burstRatio: figures.burstRatio ?? 1,
  });
}
