/** Cells that several tables share. */
import type { ReactNode } from "react";
import { StateMark } from "@yagura/portal/parts/state-mark.tsx";
import { When } from "@yagura/portal/parts/when.tsx";
import type { Format } from "@yagura/portal/language.tsx";
import type { Agent, Score } from "../wire/api.ts";
import { agentMark } from "./agent-state.ts";
import { scoreText } from "./session/summary.tsx";
import type { Words } from "./tell.ts";

export const scoreCell = (score: Score, format: Format): ReactNode => (
  <StateMark state={score.state} label={scoreText(score, format.number)} />
);
export const agentCell = (state: Agent["state"], t: Words): ReactNode => (
  <StateMark state={agentMark(state)} label={t(`agent.${state}`)} />
);
export const agoCell = (at: string | null): ReactNode => <When at={at} ago />;
export const whenCell = (at: string): ReactNode => <When at={at} />;
export const figuresCell = (text: string): ReactNode => <span className="figures">{text}</span>;
