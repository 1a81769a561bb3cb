SELECT r.outcome, count(*) AS runs FROM {sync_run} r
WHERE r.finished_at <= $known_at
GROUP BY r.outcome ORDER BY r.outcome
