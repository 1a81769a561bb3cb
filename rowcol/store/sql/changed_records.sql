WITH after AS (SELECT unnest($businesses::VARCHAR[]) AS business_id, unnest($positions::BIGINT[]) AS log_position),
changed AS (
    SELECT l.business_id, l.entity, l.qbo_id, max(l.observed_at) AS changed_at, arg_max(l.operation, l.log_position) AS operation
    FROM {integration_log} l JOIN after h ON h.business_id = l.business_id AND l.log_position > h.log_position
    WHERE l.direction = 'INBOUND' AND l.observed_at <= $known_at
        AND l.entity IN (SELECT unnest($entities::VARCHAR[]))
    GROUP BY l.business_id, l.entity, l.qbo_id
)
SELECT c.business_id, c.entity, c.qbo_id, c.changed_at, c.operation = 'delete' AS deleted, t.doc_number, t.txn_date, t.party_kind,
    t.party_id, t.party_name, t.total_cents
FROM changed c LEFT JOIN {transactions} t
    ON t.business_id = c.business_id AND t.entity = c.entity AND t.qbo_id = c.qbo_id
ORDER BY c.business_id, c.changed_at DESC, c.entity, c.qbo_id
