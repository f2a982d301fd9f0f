import { Button, Group, Tooltip } from "@mantine/core";
import { IconPlayerPause, IconPlayerPlay } from "@tabler/icons-react";

/** Whether the list moves by itself. */
export function LiveSwitch({ isLive, onChange }: { isLive: boolean; onChange: (isLive: boolean) => void }) {
  return (
    <Tooltip label={isLive ? "New rows appear by themselves" : "The list stands still"}>
      <Button
        size="xs"
        variant="default"
        aria-pressed={isLive}
        leftSection={isLive ? <IconPlayerPause size={14} /> : <IconPlayerPlay size={14} />}
        rightSection={<span className="bb-dot" data-live={isLive} aria-hidden />}
        onClick={() => onChange(!isLive)}
      >
        {isLive ? "Live" : "Paused"}
      </Button>
    </Tooltip>
  );
}

interface PagerProps {
  /** Cursors of the pages before; empty on the first. */
  trail: string[];
  next: string | null;
  onMove: (trail: string[]) => void;
}

export function Pager({ trail, next, onMove }: PagerProps) {
  if (trail.length === 0 && next === null) return null;
  return (
    <Group justify="flex-end" gap="xs" p="sm">
      <Button
        size="xs"
        variant="default"
        disabled={trail.length === 0}
        onClick={() => onMove(trail.slice(0, -1))}
      >
        Newer
      </Button>
      <Button
        size="xs"
        variant="default"
        disabled={next === null}
        onClick={() => onMove(next === null ? trail : [...trail, next])}
      >
        Older
      </Button>
    </Group>
  );
}
