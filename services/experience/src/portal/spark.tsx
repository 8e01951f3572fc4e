/** The last hour in a cell: the median by minute; what was not observed is hatched, never joined by a line. */
import type { ReactNode } from "react";

const WIDTH = 120;
const HEIGHT = 22;

export interface SparkShape {
  /** SVG path of the observed stretches. */
  readonly path: string;
  /** Lone minutes, which no line shows. */
  readonly dots: readonly (readonly [number, number])[];
  /** Left edge and width of each unobserved stretch. */
  readonly gaps: readonly (readonly [number, number])[];
}

/** From values by minute to what is drawn in a box; the axis starts at zero unless all is in the upper half. */
export function sparkShape(values: readonly (number | null)[], width: number, height: number): SparkShape {
  const seen = values.filter((value): value is number => value !== null);
  const top = seen.reduce((a, b) => Math.max(a, b), 0) || 1;
  const least = seen.reduce((a, b) => Math.min(a, b), top);
  const low = least > top / 2 ? least - (top - least) * 0.3 : 0;
  const span = top - low || 1;
  const each = width / Math.max(1, values.length);
  const x = (index: number): number => round((index + 0.5) * each);
  const y = (value: number): number => round(height - 1.5 - ((value - low) / span) * (height - 3));
  let path = "";
  const dots: [number, number][] = [];
  const gaps: [number, number][] = [];
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    const before = values[i - 1] ?? null;
    if (value === null || value === undefined) {
      const last = gaps.at(-1);
      if (last !== undefined && i > 0 && values[i - 1] === null) last[1] = round(last[1] + each);
      else gaps.push([round(i * each), round(each)]);
    } else if (before !== null) path += `L${x(i)} ${y(value)}`;
    else if ((values[i + 1] ?? null) === null) dots.push([x(i), y(value)]);
    else path += `M${x(i)} ${y(value)}`;
  }
  return { path, dots, gaps };
}
const round = (value: number): number => Math.round(value * 10) / 10;

export function Spark({
  values,
  label,
}: {
  readonly values: readonly (number | null)[];
  readonly label: string;
}): ReactNode {
  const { path, dots, gaps } = sparkShape(values, WIDTH, HEIGHT);
  return (
    <svg
      className="ex-spark"
      width={WIDTH}
      height={HEIGHT}
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      role="img"
      aria-label={label}
    >
      {gaps.map(([left, width]) => (
        <rect key={left} x={left} y={1} width={width} height={HEIGHT - 2} />
      ))}
      {path !== "" && <path d={path} />}
      {dots.map(([x, y]) => (
        <circle key={x} cx={x} cy={y} r={1.2} />
      ))}
    </svg>
  );
}

/** The hatching that all cells of a page use. */
export const SparkPattern = (): ReactNode => (
  <svg width="0" height="0" aria-hidden="true" style={{ position: "absolute" }}>
    <defs>
      <pattern id="ex-spark-hatch" width="4" height="4" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
        <line x1="0" y1="0" x2="0" y2="4" stroke="var(--ex-hatch)" strokeWidth="1" />
      </pattern>
    </defs>
  </svg>
);
