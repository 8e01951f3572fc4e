/** What the service refuses, with the numbers, and what to do about it. */
import { errorTable } from "@yagura/core/errors.ts";

const table = errorTable({
  LABEL_TOO_LONG: {
    status: 422,
    en: "The PC label has {count} characters; at most {limit} are allowed, full-width and half-width counted alike. Shorten it.",
    ja: "PC 識別用情報が {count} 文字あります。全角・半角を問わず {limit} 文字以内にしてください。",
  },
  LABEL_UNREADABLE: {
    status: 422,
    en: "The PC label is blank or holds control characters, so nobody could tell the PC by it. Use letters, digits and signs.",
    ja: "PC 識別用情報が空白であるか、制御文字を含むため、PC を識別できません。文字・数字・記号を使ってください。",
  },
  TENANT_SPLIT_REFUSED: {
    status: 409,
    en: "The tenant “{name}” cannot be split: by the terms, a tenant is never divided once it is made (article 5(9)). Make a new tenant for new agents; two tenants can be joined.",
    ja: "テナント「{name}」は分割できません。約款により、テナントは後から分けることができません（第5条(9)）。新しいエージェントには新しいテナントを作成してください。テナント同士の統合はできます。",
  },
  AGENT_MOVE_REFUSED: {
    status: 409,
    en: "The agent “{label}” cannot leave its tenant “{tenant}”: moving one agent out would split the tenant, which the terms rule out (article 5(9)). Join the two tenants instead.",
    ja: "エージェント「{label}」はテナント「{tenant}」から移動できません。1 台だけを移すことはテナントの分割にあたり、約款により行えません（第5条(9)）。代わりに 2 つのテナントを統合してください。",
  },
  TENANT_JOIN_SELF: {
    status: 422,
    en: "A tenant cannot be joined with itself. Name the other tenant, the one that is to go away.",
    ja: "テナントを自分自身と統合することはできません。統合してなくなる側のテナントを指定してください。",
  },
  TENANT_NOT_EMPTY: {
    status: 409,
    en: "The tenant “{name}” still has {agents} agents and {targets} targets. Remove them first, or join the tenant with another.",
    ja: "テナント「{name}」にはエージェントが {agents} 台、ターゲットが {targets} 件あります。先にこれらを削除するか、別のテナントと統合してください。",
  },
  TARGET_QUOTA: {
    status: 409,
    en: "{used} of {limit} targets are used in the tenant “{tenant}” ({agents} agents with a contract in force, {perAgent} each; {rule}). Remove a target or add an agent.",
    ja: "テナント「{tenant}」では、ターゲットが {limit} 件中 {used} 件使われています（契約中のエージェント {agents} 台 × {perAgent}、{rule}）。ターゲットを削除するか、エージェントを追加してください。",
  },
  SESSION_QUOTA: {
    status: 409,
    en: "{used} of {limit} sessions are used in the tenant “{tenant}” ({agents} agents with a contract in force, {perAgent} each; {rule}). Remove a session or add an agent.",
    ja: "テナント「{tenant}」では、セッションが {limit} 件中 {used} 件使われています（契約中のエージェント {agents} 台 × {perAgent}、{rule}）。セッションを削除するか、エージェントを追加してください。",
  },
  AGENT_TARGET_QUOTA: {
    status: 409,
    en: "{used} of {limit} targets are used by the agent “{label}”; by the terms in force each agent has its own {limit} and nothing is shared ({rule}). Remove one of its sessions.",
    ja: "エージェント「{label}」では、ターゲットが {limit} 件中 {used} 件使われています。適用中の約款では 1 台ごとに {limit} 件までで、他のエージェントと共有できません（{rule}）。このエージェントのセッションを削除してください。",
  },
  REMOVAL_BREAKS_QUOTA: {
    status: 409,
    en: "Without the agent “{label}” the tenant “{tenant}” would have {agents} agents in force, but then {targets} of {targetLimit} targets and {sessions} of {sessionLimit} sessions would be used ({rule}). First remove {surplusTargets} targets and {surplusSessions} sessions.",
    ja: "エージェント「{label}」を削除すると、テナント「{tenant}」の契約中のエージェントは {agents} 台となり、ターゲットは上限 {targetLimit} 件に対して {targets} 件、セッションは上限 {sessionLimit} 件に対して {sessions} 件になります（{rule}）。先にターゲットを {surplusTargets} 件、セッションを {surplusSessions} 件削除してください。",
  },
  CONTRACT_UNKNOWN: {
    status: 422,
    en: "This organisation has no contract {number} for experience monitoring. Compare the number with the notice of the contract.",
    ja: "この組織に、体感品質モニタリングの契約 {number} はありません。契約のお知らせの番号と照らし合わせてください。",
  },
  CONTRACT_OVER: {
    status: 409,
    en: "The contract {number} ended on {endedOn}, so no agent can run under it. Ask for a new contract.",
    ja: "契約 {number} は {endedOn} に終了しているため、エージェントを登録できません。新しい契約をお申し込みください。",
  },
  CONTRACT_TAKEN: {
    status: 409,
    en: "The contract {number} already belongs to the agent “{label}”: one contract number, one agent (article 5(3)). Use another contract; for a new PC, issue a new install invitation of that agent.",
    ja: "契約 {number} はすでにエージェント「{label}」のものです。ご契約番号はエージェントごとに 1 つです（第5条(3)）。別の契約を使ってください。PC を取り替える場合は、そのエージェントのインストール招待を再発行してください。",
  },
  AGENT_ENDED: {
    status: 409,
    en: "The agent “{label}” ended with its contract {number}. It measures nothing any more; its measurements stay readable.",
    ja: "エージェント「{label}」は契約 {number} とともに終了しました。計測は行われませんが、これまでの計測結果は参照できます。",
  },
  SESSION_EXISTS: {
    status: 409,
    en: "The agent “{agent}” already has a session to the target “{target}”. Change that session instead.",
    ja: "エージェント「{agent}」からターゲット「{target}」へのセッションはすでにあります。そのセッションを変更してください。",
  },
  SESSION_ACROSS_TENANTS: {
    status: 422,
    en: "The agent “{agent}” and the target “{target}” belong to different tenants. Choose a target of the agent's own tenant, or join the tenants.",
    ja: "エージェント「{agent}」とターゲット「{target}」は別のテナントに属しています。同じテナントのターゲットを選ぶか、テナントを統合してください。",
  },
  TARGET_HOST_INVALID: {
    status: 422,
    en: "“{host}” is neither an IP address nor a host name. Write an address such as 192.0.2.1 or 2001:db8::1, or a name such as www.example.jp.",
    ja: "「{host}」は IP アドレスでもホスト名でもありません。192.0.2.1 や 2001:db8::1 のようなアドレス、または www.example.jp のような名前を入力してください。",
  },
  TARGET_ADDRESS_UNUSABLE: {
    status: 422,
    en: "“{host}” is an unspecified, broadcast or multicast address; no single server answers there. Write the address of one server.",
    ja: "「{host}」は未指定・ブロードキャスト・マルチキャストのアドレスで、1 台のサーバーを表しません。サーバー 1 台のアドレスを入力してください。",
  },
  TARGET_FAMILY_MISMATCH: {
    status: 422,
    en: "“{host}” is not an IPv{family} address. Leave the IP version open, or write an IPv{family} address.",
    ja: "「{host}」は IPv{family} アドレスではありません。IP バージョンの指定を外すか、IPv{family} アドレスを入力してください。",
  },
  TARGET_URL_INVALID: {
    status: 422,
    en: "“{url}” is not a web address that can be measured. Write http:// or https://, a host and a path.",
    ja: "「{url}」は計測できる Web アドレスではありません。http:// または https:// に続けてホストとパスを入力してください。",
  },
  TARGET_URL_SECRET: {
    status: 422,
    en: "The web address holds a user name or a password, which would be shown to everybody who sees the target. Leave it out.",
    ja: "Web アドレスにユーザー名またはパスワードが含まれています。ターゲットを見る全員に表示されてしまうため、取り除いてください。",
  },
  TARGET_STATUS_RANGE: {
    status: 422,
    en: "The expected status codes {from} to {to} are not a range between 100 and 599. Put the smaller number first.",
    ja: "期待する状態コード {from}～{to} は 100～599 の範囲になっていません。小さい方の番号を先に指定してください。",
  },
  DNS_NAME_INVALID: {
    status: 422,
    en: "“{name}” is not a name that DNS can be asked for. Write a name such as www.example.jp.",
    ja: "「{name}」は DNS に問い合わせできる名前ではありません。www.example.jp のような名前を入力してください。",
  },
  INVITATION_NONE: {
    status: 409,
    en: "The agent “{label}” has no open install invitation: it was used, has expired or was revoked. Issue a new one.",
    ja: "エージェント「{label}」に有効なインストール招待はありません（使用済み、期限切れ、または取り消し済みです）。新しい招待を発行してください。",
  },
  SAMPLES_COLUMNS: {
    status: 422,
    en: "A block of samples is not consistent: each column must hold one value for each sample or a single value for all, and a gap must end after it begins. The batch was not stored; update the agent.",
    ja: "サンプルのブロックに矛盾があります。各列には、サンプルごとの値またはすべてに共通の値 1 つが必要で、未観測区間の終わりは始まりより後でなければなりません。このバッチは保存されませんでした。エージェントを更新してください。",
  },
  SAMPLES_TOO_MANY: {
    status: 422,
    en: "A batch holds more than 200,000 samples. It was not stored; the agent has to send smaller batches.",
    ja: "1 つのバッチに 200,000 件を超えるサンプルが含まれているため、保存されませんでした。エージェントはより小さなバッチを送る必要があります。",
  },
  SAMPLES_FUTURE: {
    status: 422,
    en: "A batch holds samples from more than a day in the future, after the correction of the agent's clock. They were not stored; set the PC's clock.",
    ja: "エージェントの時計を補正した後も 1 日以上先の時刻のサンプルが含まれているため、保存されませんでした。PC の時計を合わせてください。",
  },
  SAMPLES_ANCIENT: {
    status: 422,
    en: "A batch holds samples from more than 400 days ago, after the correction of the agent's clock. They were not stored; set the PC's clock.",
    ja: "エージェントの時計を補正した後も 400 日以上前の時刻のサンプルが含まれているため、保存されませんでした。PC の時計を合わせてください。",
  },
  SAMPLES_FOREIGN: {
    status: 403,
    en: "A batch holds samples of a session that belongs to another device. It was not stored; the agent has to fetch its configuration again.",
    ja: "別のデバイスのセッションのサンプルが含まれているため、保存されませんでした。エージェントは構成を取得し直す必要があります。",
  },
  RANGE_INVALID: {
    status: 422,
    en: "The time from {from} to {to} is empty or longer than {limit} days. Choose an end after the start, within that limit.",
    ja: "{from} から {to} までの期間が空であるか、{limit} 日を超えています。開始より後で、上限以内の終了時刻を選んでください。",
  },
});

export const errors = table.rows;
export const raise = table.raise;
