SELECT t.business_id, t.entity, t.qbo_id, t.txn_date, t.doc_number, t.party_kind, t.party_id, t.party_name, t.total_cents,
    t.account_id
FROM {transactions} t
LEFT JOIN {balances} a
    ON a.business_id = t.business_id AND a.qbo_id = t.account_id
WHERE t.entity IN ('Payment', 'SalesReceipt') AND NOT t.voided AND t.total_cents > 0 AND t.txn_date IS NOT NULL
    AND (t.account_id IS NULL OR a.account_sub_type = 'UndepositedFunds') AND t.linked NOT LIKE '%Deposit:%'
    AND NOT EXISTS (
        SELECT 1 FROM {lines} l JOIN {transactions} d
            ON d.business_id = l.business_id AND d.entity = l.entity AND d.qbo_id = l.qbo_id
        WHERE l.business_id = t.business_id AND l.entity = 'Deposit'
            AND l.linked_id = t.qbo_id AND NOT d.voided)
ORDER BY t.business_id, t.txn_date, t.entity, t.qbo_id
