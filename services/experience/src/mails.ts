/** Mails of the service, in the organisation's language. */
import type { Language } from "@yagura/core/errors.ts";
import type { MailText } from "@yagura/commerce/contracts/mails.ts";
import type { OrganisationFacts } from "@yagura/commerce/organisations.ts";

/** Day and time as the organisation reads them, with the zone. */
const timeText = (at: Date, language: Language, timeZone: string): string =>
  new Intl.DateTimeFormat(language === "ja" ? "ja-JP" : "en-GB", {
    dateStyle: "long",
    timeStyle: "short",
    timeZone,
  }).format(at) + ` (${timeZone})`;

export interface InstallMailFacts {
  readonly issued: { readonly key: string; readonly manualUrl: string; readonly command: string };
  readonly agent: { readonly label: string; readonly contract_number: string; readonly holder_name: string };
  readonly organisation: OrganisationFacts;
  readonly expiresAt: Date;
}

/** The install invitation: key, manual, expiry (EXP-T08, EXP-05). */
export function installMail(
  { issued, agent, organisation, expiresAt }: InstallMailFacts,
  language: Language,
): MailText {
  const until = timeText(expiresAt, language, organisation.timeZone);
  if (language === "ja") {
    return {
      subject: `インストール招待: ${agent.label}（${organisation.name}）`,
      text: [
        `${agent.holder_name} 様`,
        "",
        `PC「${agent.label}」に計測エージェントをインストールしてください。`,
        `ご契約番号: ${agent.contract_number}`,
        "",
        "マニュアル:",
        issued.manualUrl,
        "",
        "サーバーのアドレス（--server）:",
        new URL(issued.manualUrl).origin,
        "",
        "インストール用のキー（--key。1 回だけ使えます）:",
        issued.key,
        "",
        `有効期限: ${until}`,
        "",
        "このキーを受け取った人は誰でもエージェントを登録できます。転送しないでください。",
        "期限が過ぎた場合や別の PC に入れ直す場合は、管理者に招待の再発行を依頼してください。",
      ].join("\n"),
    };
  }
  return {
    subject: `Install invitation: ${agent.label} (${organisation.name})`,
    text: [
      `Dear ${agent.holder_name},`,
      "",
      `Please install the measuring agent on the PC “${agent.label}”.`,
      `Contract number: ${agent.contract_number}`,
      "",
      "Manual:",
      issued.manualUrl,
      "",
      "Address of the server (--server):",
      new URL(issued.manualUrl).origin,
      "",
      "Key for the installation (--key, works once):",
      issued.key,
      "",
      `Valid until: ${until}`,
      "",
      "Whoever holds this key can enrol an agent: please do not pass it on.",
      "If it has expired, or for another PC, ask your administrator for a new invitation.",
    ].join("\n"),
  };
}

export interface SurplusMailFacts {
  readonly tenant: string;
  readonly label: string;
  readonly contractNumber: string;
  readonly endedOn: string;
  readonly agents: number;
  readonly limit: number;
  readonly sessions: readonly string[];
  readonly targets: readonly string[];
}

/** What was paused because a contract ended (EXP-22). */
export function surplusMail(facts: SurplusMailFacts, language: Language): MailText {
  const list = (names: readonly string[]): string[] => names.map((name) => `  - ${name}`);
  if (language === "ja") {
    return {
      subject: `計測を一時停止しました: ${facts.tenant}`,
      text: [
        `ご契約 ${facts.contractNumber}（エージェント「${facts.label}」）が ${facts.endedOn} に終了しました。`,
        `テナント「${facts.tenant}」の契約中のエージェントは ${facts.agents} 台となり、上限はターゲット ${facts.limit} 件、セッション ${facts.limit} 件です。`,
        "上限を超える新しいものから一時停止しました。削除はしていません。",
        "",
        `一時停止したセッション: ${facts.sessions.length} 件`,
        ...list(facts.sessions),
        `一時停止したターゲット: ${facts.targets.length} 件`,
        ...list(facts.targets),
        "",
        "空きができたら、ダッシュボードで個別に再開できます。",
      ].join("\n"),
    };
  }
  return {
    subject: `Measurements were paused: ${facts.tenant}`,
    text: [
      `The contract ${facts.contractNumber} (agent “${facts.label}”) ended on ${facts.endedOn}.`,
      `The tenant “${facts.tenant}” now has ${facts.agents} agents in force: at most ${facts.limit} targets and ${facts.limit} sessions.`,
      "The newest above these limits were paused. Nothing was deleted.",
      "",
      `Paused sessions: ${facts.sessions.length}`,
      ...list(facts.sessions),
      `Paused targets: ${facts.targets.length}`,
      ...list(facts.targets),
      "",
      "When there is room again, resume them one by one on the dashboard.",
    ].join("\n"),
  };
}

interface Excess {
  readonly used: number;
  readonly limit: number;
  readonly surplus: number;
}
export interface ReductionMailFacts {
  readonly tenant: string;
  readonly label: string;
  readonly contractNumber: string;
  readonly endsOn: string;
  readonly agents: number;
  readonly targets: Excess;
  readonly sessions: Excess;
}

/** Asks for a reduction before the last day of a contract (EXP-22). */
export function reductionMail(facts: ReductionMailFacts, language: Language): MailText {
  const { targets, sessions } = facts;
  if (language === "ja") {
    return {
      subject: `${facts.endsOn} までに計測を減らしてください: ${facts.tenant}`,
      text: [
        `ご契約 ${facts.contractNumber}（エージェント「${facts.label}」）は ${facts.endsOn} に終了します。`,
        `終了後、テナント「${facts.tenant}」の契約中のエージェントは ${facts.agents} 台となります。`,
        "",
        `ターゲット: 上限 ${targets.limit} 件に対して ${targets.used} 件（${targets.surplus} 件超過）`,
        `セッション: 上限 ${sessions.limit} 件に対して ${sessions.used} 件（${sessions.surplus} 件超過）`,
        "",
        `${facts.endsOn} までに不要なものを削除してください。超過したままの場合は、新しいものから一時停止します（削除はしません）。`,
      ].join("\n"),
    };
  }
  return {
    subject: `Please reduce your measurements by ${facts.endsOn}: ${facts.tenant}`,
    text: [
      `The contract ${facts.contractNumber} (agent “${facts.label}”) ends on ${facts.endsOn}.`,
      `After that the tenant “${facts.tenant}” has ${facts.agents} agents in force.`,
      "",
      `Targets: ${targets.used} of ${targets.limit} (${targets.surplus} too many)`,
      `Sessions: ${sessions.used} of ${sessions.limit} (${sessions.surplus} too many)`,
      "",
      `Please remove what you do not need by ${facts.endsOn}. Otherwise the newest are paused then; nothing is deleted.`,
    ].join("\n"),
  };
}
