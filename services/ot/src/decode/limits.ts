/** What the engine keeps at most. Where something is full, the new is not told and `stats().dropped` counts it. */

/** Endpoints since the last forgetting; one that is full makes the engine forget everything after the interval. */
export const MAX_ENDPOINTS = 40_000;
/** Different commands; as with all tables below, a table that is three quarters full is emptied after the interval. */
export const MAX_COMMANDS = 32_768;
export const MAX_CONVERSATIONS = 40_000;
/** Rows of each other table: identities, bindings, look-ups, weaknesses, weirds, signatures. */
export const MAX_FACTS = 16_384;
/** Different texts. */
export const MAX_ENGINE_TEXTS = 40_000;
/** Rhythms that are watched at a time. */
export const MAX_RHYTHMS = 16_384;
/** Transitions between functions, of all pairs and of one; pairs that have any. */
export const MAX_TRANSITIONS = 16_384;
export const MAX_PAIR_TRANSITIONS = 256;
export const MAX_ORDERED_PAIRS = 8_192;
/** Transitions in one upload; the others come with the next. */
export const TRANSITIONS_OF_UPLOAD = 512;
/** µs after which one that was told is told again with its count. */
export const TRANSITION_EVERY = 3_600_000_000;
/** Servers whose protocol is remembered. */
export const MAX_REMEMBERED = 16_384;
/** Capture interfaces that are counted apart; further ones are counted with the last. */
export const MAX_FACES = 64;
/** Packets with payload after which an unknown conversation is no longer shown to the dissectors. */
export const MAX_TRIES = 6;
/** The same for the conversation with a server whose protocol is known: a long message may have begun before the sensor. */
export const MAX_TRIES_KNOWN = 24;
/** Messages in a row that a settled dissector may refuse before it is no longer asked. */
export const MAX_REFUSALS = 3;
/** Dissectors within dissectors. */
export const MAX_DEPTH = 8;
/** Bytes that all conversations together keep of messages that are not whole. */
export const MAX_KEPT_BYTES = 32 << 20;
/** µs without a packet after which a conversation is ended: TCP that is open, and everything else. */
export const IDLE = 300_000_000;
export const IDLE_SHORT = 60_000_000;
/** µs between two looks for such. */
export const EXPIRE_EVERY = 20_000_000;
/** µs after which a SYN counts as unanswered. */
export const ANSWER_WAIT = 3_000_000;
/** µs within which the same packet again is a copy of the mirror, not a retransmission (those take 200 ms, RFC 6298). */
export const DUPLICATE_WINDOW = 3_000;
