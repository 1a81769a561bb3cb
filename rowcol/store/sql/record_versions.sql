SELECT l.log_position, l.operation, l.observed_at, l.intuit_tid, count(*) OVER () AS versions, l.raw
FROM {integration_log} l
WHERE l.direction = 'INBOUND' AND l.business_id = $business_id AND l.entity = $entity AND l.qbo_id = $qbo_id
    AND l.observed_at <= $known_at
ORDER BY l.log_position DESC LIMIT $most
