/** The certificate of an insured device as a document (SEC-58): what stands on it is what is true on the day. */
import type { Uuid } from "@yagura/core/ids.ts";
import { dayOf, type Day } from "@yagura/core/calendar.ts";
import type { InsuranceCertificateContent } from "@yagura/reports/shapes.ts";
import { raise as raiseServer } from "@yagura/server/errors.ts";
import type { Tx } from "@yagura/store/store.ts";
import type { ContractRow } from "../contracts/contract-row.ts";
import { partiesNow } from "../papers/parties.ts";
import { raise } from "./errors.ts";
import { insuranceShown } from "./insurance.ts";
import { readContract } from "./reading.ts";

/** NOT_FOUND without such a device, INSURANCE_NONE when it is not covered. */
export async function certificateOf(tx: Tx, row: ContractRow, id: Uuid, on: Day): Promise<InsuranceCertificateContent> {
  const { offers, devices } = await insuranceShown(tx, row, on);
  const device = devices.find((one) => one.id === id);
  if (device === undefined) throw raiseServer("NOT_FOUND");
  const insurance = offers.find(({ rule, cover }) => rule === device.rule && cover !== null);
  if (device.cover === null || insurance === undefined) {
    throw raise("INSURANCE_NONE", { number: row.number, reason: device.mac });
  }
  const plan = (await readContract(tx, row, on)).knownTermsOn(on)?.plan.name ?? { ja: row.plan, en: row.plan };
  return {
    ...(await partiesNow(tx, row.organisation, on)),
    number: `${row.number}/${device.mac.replaceAll(":", "")}`,
    issuedOn: on,
    contractNumber: row.number,
    service: plan,
    insurance: insurance.name,
    cover: device.cover,
    mac: device.mac,
    device: device.device,
    registeredOn: dayOf(new Date(device.registeredAt)),
    ground: insurance.rule,
  };
}
