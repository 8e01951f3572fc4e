/**
 * The wire between edge programs and the control plane. Changing a shape in this room, or a service's wire shapes, without a
 * new number here fails a test (hash lock).
 *
 * 1  2026-11-20  enrolment, signed batches, configuration stream, health
 * 2  2026-11-20  metadata of OT sensors, their ledger, configuration and tokens
 * 3  2026-11-20  metadata of OT sensors: order of functions, protocols that a site declares, ten protocols more
 */
export const WIRE_VERSION = 3;
/** The oldest wire version that the control plane still takes. Never raised without a release note. */
export const OLDEST_WIRE_VERSION = 1;
