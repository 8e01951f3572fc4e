/** What seats, tickets, insurance and equipment refuse, and what to do about it. */
import { errorTable } from "@yagura/core/errors.ts";

const table = errorTable({
  SEATS_NOT_COUNTED: {
    status: 409,
    en: "The contract {number} has no packs of seats, so no seat can be used on it. Choose a contract whose plan counts seats.",
    ja: "契約 {number} にはライセンスパックがないため、ライセンスを割り当てられません。ライセンスのある契約を指定してください。",
  },
  SEATS_USED_UP: {
    status: 409,
    en: "All {allowed} seats of the contract {number} are in use. Free one, or order more packs first.",
    ja: "契約 {number} のライセンス{allowed}件はすべて使用中です。使用中のものを解除するか、先にパックを追加してください。",
  },
  SEAT_TAKEN: {
    status: 409,
    en: "“{identifier}” already uses a seat of the contract {number}. Free that one first.",
    ja: "「{identifier}」は、契約 {number} のライセンスをすでに使用しています。先に解除してください。",
  },
  SEAT_FREE: {
    status: 409,
    en: "The seat of “{identifier}” is free since {until}. Nothing has to be done.",
    ja: "「{identifier}」のライセンスは {until} に解除済みです。操作は必要ありません。",
  },
  INSURANCE_NONE: {
    status: 409,
    en: "No insurance comes with the contract {number}: {reason}. A device cannot be registered.",
    ja: "契約 {number} には保険が付きません({reason})。端末は登録できません。",
  },
  MAC_INVALID: {
    status: 422,
    en: "“{mac}” is no MAC address of a device. Give its six bytes as 00:1A:2B:3C:4D:5E; group addresses do not name a device.",
    ja: "「{mac}」は端末の MAC アドレスではありません。00:1A:2B:3C:4D:5E のように6バイトで入力してください(グループアドレスは使えません)。",
  },
  MAC_TAKEN: {
    status: 409,
    en: "The device {mac} is already registered for the insurance. A device is insured once; remove the other registration first.",
    ja: "端末 {mac} は、すでに保険に登録されています。1台の端末は1回だけ登録できます。先に元の登録を取り消してください。",
  },
  INSURED_ALL: {
    status: 409,
    en: "{registered} devices are registered for the {allowed} seats of the contract {number}. Remove one, or order more seats first.",
    ja: "契約 {number} のライセンス{allowed}件に対して、端末{registered}台が登録済みです。登録を取り消すか、先にライセンスを追加してください。",
  },
  TICKETS_NONE: {
    status: 422,
    en: "The contract {number} has no tickets of the kind “{item}”. Kinds: {items}.",
    ja: "契約 {number} に「{item}」という種類のチケットはありません。種類: {items}",
  },
  TICKETS_USED_UP: {
    status: 409,
    en: "Only {remaining} of “{item}” are left on {on} for the contract {number}, and {wanted} are wanted. Buy tickets first.",
    ja: "契約 {number} の「{item}」は、{on} の時点で残り{remaining}枚です({wanted}枚必要です)。先にチケットを購入してください。",
  },
  TICKETS_NOT_IN_FORCE: {
    status: 409,
    en: "The contract {number} is not in force on {on}. Tickets can be bought and used from its start to its end.",
    ja: "契約 {number} は {on} には有効ではありません。チケットの購入と使用は、契約の開始から終了までです。",
  },
  TICKETS_DAY_AHEAD: {
    status: 422,
    en: "{on} lies ahead. Tickets are recorded on the day or afterwards.",
    ja: "{on} は先の日付です。チケットの記録は、当日以降に行ってください。",
  },
  EQUIPMENT_SERIAL_TAKEN: {
    status: 409,
    en: "The unit with the serial number {serial} is already registered for the contract {number}. Check the number, or change the registered unit.",
    ja: "シリアル番号 {serial} の機器は、契約 {number} にすでに登録されています。番号を確かめるか、登録済みの機器を変更してください。",
  },
  EQUIPMENT_LESSOR_MISSING: {
    status: 422,
    en: "A leased unit needs the name of the leasing company, and only a leased unit has one.",
    ja: "リースの機器にはリース会社の名前が必要です。リース以外の機器には指定できません。",
  },
  EQUIPMENT_REPLACED: {
    status: 409,
    en: "The unit {serial} was replaced on {on}. Record it for the unit that took its place.",
    ja: "機器 {serial} は {on} に交換されています。交換後の機器に対して記録してください。",
  },
  EQUIPMENT_DAY_ORDER: {
    status: 422,
    en: "{on} lies before {first}, the first day of the unit {serial} here. Give that day or a later one.",
    ja: "{on} は、機器 {serial} を記録し始めた {first} より前です。{first} 以降の日を指定してください。",
  },
  RETURN_CLOSED: {
    status: 409,
    en: "The unit {serial} came back on {on}. A closed return case does not change.",
    ja: "機器 {serial} は {on} に返却されています。完了した返却は変更できません。",
  },
});

export const errors = table.rows;
export const raise = table.raise;
