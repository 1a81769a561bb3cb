WITH calls AS (SELECT unnest($businesses::VARCHAR[]) AS business_id, unnest($moments::TIMESTAMP[]) AS called_at),
entered AS (
    SELECT t.* FROM {transactions} t JOIN calls c ON c.business_id = t.business_id
    WHERE NOT t.voided AND t.created_at >= c.called_at AND t.txn_date <= CAST(c.called_at AS DATE)
), posted AS (
    -- The accounts as text, as versions out of the log have their lines.
    SELECT e.business_id, e.qbo_id, string_agg(l.account_id || ':', ' ') AS lines FROM entered e JOIN {lines} l
        ON l.business_id = e.business_id AND l.entity = e.entity AND l.qbo_id = e.qbo_id
    WHERE e.entity = 'JournalEntry' GROUP BY e.business_id, e.qbo_id
)
SELECT t.business_id, t.entity, t.qbo_id, t.txn_date, t.due_date, t.doc_number, t.party_kind, t.party_id, t.party_name, t.total_cents,
    t.created_at, coalesce(p.lines, '') AS lines
FROM entered t LEFT JOIN posted p ON t.entity = 'JournalEntry' AND p.business_id = t.business_id AND p.qbo_id = t.qbo_id
ORDER BY t.business_id, t.entity, t.qbo_id
