WITH newest AS (
    SELECT business_id, entity, qbo_id, log_position, content_hash, operation = 'delete' AS deleted
    FROM {integration_log}
    WHERE direction = 'INBOUND'
    QUALIFY row_number() OVER (PARTITION BY business_id, entity, qbo_id ORDER BY log_position DESC) = 1
), mirrored AS (
    SELECT business_id, entity, qbo_id, log_position, content_hash, deleted_at IS NOT NULL AS deleted
    FROM {mirror_records}
)
SELECT coalesce(n.business_id, h.business_id) AS business_id, coalesce(n.entity, h.entity) AS entity,
    coalesce(n.qbo_id, h.qbo_id) AS qbo_id, n.qbo_id IS NOT NULL AS in_log, h.qbo_id IS NOT NULL AS in_mirror
FROM newest n FULL JOIN mirrored h
    ON h.business_id = n.business_id AND h.entity = n.entity AND h.qbo_id = n.qbo_id
WHERE h.qbo_id IS NULL OR n.qbo_id IS NULL OR h.log_position <> n.log_position
    OR h.content_hash <> n.content_hash OR h.deleted <> n.deleted
ORDER BY 1, 2, 3
