WITH held AS (
    SELECT r.business_id, r.entity, count(*) AS records FROM mirror_records r
    WHERE r.advisor_id = $advisor_id AND r.deleted_at IS NULL AND ($everyone OR r.business_id IN (SELECT unnest($ids::VARCHAR[])))
    GROUP BY r.business_id, r.entity
)
SELECT b.business_id, p.entity, f.refreshed_at, p.fresh_seconds, coalesce(h.records, 0) AS records,
    m.marked_at IS NOT NULL AND (m.read_from IS NULL OR m.read_from < m.marked_at) AS marked
FROM businesses b JOIN entity_policy p ON p.advisor_id = b.advisor_id
    LEFT JOIN entity_freshness f ON f.advisor_id = b.advisor_id AND f.business_id = b.business_id AND f.entity = p.entity
    LEFT JOIN webhook_marks m ON m.advisor_id = b.advisor_id AND m.business_id = b.business_id AND m.entity = p.entity
    LEFT JOIN held h ON h.business_id = b.business_id AND h.entity = p.entity
WHERE b.advisor_id = $advisor_id AND b.disconnected_at IS NULL AND ($everyone OR b.business_id IN (SELECT unnest($ids::VARCHAR[])))
ORDER BY b.business_id, p.entity
