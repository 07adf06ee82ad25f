"""What each kind of history row is called, in both languages, and whether people or only operators look for it."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class Words:
    """A kind of history row in words. Sentences are format templates over what `casework.queries.timeline` fills in."""

    kind: str
    zh: str
    en: str
    is_detail: bool = False
    """Machinery: what happened between the things that people did."""

    def sentence(self, language: str, values: Mapping[str, str]) -> str:
        """Return the sentence in `language`, filled."""
        return (self.zh if language == "zh" else self.en).format_map(_Blank(values))


class _Blank(dict[str, str]):
    def __missing__(self, key: str) -> str:
        return ""


def _main(kind: str, zh: str, en: str) -> Words:
    return Words(kind, zh, en)


def _detail(kind: str, zh: str, en: str) -> Words:
    return Words(kind, zh, en, is_detail=True)


HISTORY_WORDS: Mapping[str, Words] = MappingProxyType(
    {
        words.kind: words
        for words in (
            _detail("case-opened", "建立案件", "Case opened"),
            _main("dispute-registered", "登记争议，编号{number}{dates}", "Dispute registered as {number}{dates}"),
            _main(
                "organisation-assigned", "确定承办组织：{organisation}", "Organisation given the case: {organisation}"
            ),
            _main("case-sent", "案件送交{organisation}", "Case sent to {organisation}"),
            _detail("process-instance-started", "流程开始：{process}", "Process started: {process}"),
            _main("process-instance-completed", "流程办结", "Process completed"),
            _main("process-instance-canceled", "流程取消", "Process canceled"),
            _main("process-instance-cancel-asked", "要求取消流程：{reason}", "Asked to cancel the process: {reason}"),
            _main("process-instance-suspended", "流程挂起：{reason}", "Process suspended: {reason}"),
            _main("process-instance-resumed", "流程恢复办理：{reason}", "Process resumed: {reason}"),
            _detail("elements-passed", "流程经过：{elements}", "Passed: {elements}"),
            _detail("variables-set", "流程数据更新", "Data of the process set"),
            _detail("stimulus-overtaken", "迟到的结果不再适用", "A late outcome no longer applied"),
            _detail("user-task-created", "产生任务“{element}”{due}", "User task “{element}” opened{due}"),
            _detail("user-task-claimed", "领取任务“{element}”", "User task “{element}” claimed"),
            _detail("user-task-unclaimed", "退回任务“{element}”", "User task “{element}” given back"),
            _main("user-task-assigned", "任务“{element}”指派给{people}", "User task “{element}” assigned to {people}"),
            _main("user-task-completed", "完成任务“{element}”{dates}", "User task “{element}” completed{dates}"),
            _main(
                "user-task-completion-retracted",
                "撤回任务“{element}”的提交",
                "Completion of “{element}” retracted",
            ),
            _main("user-task-corrected", "更正任务“{element}”的内容", "Content of “{element}” corrected"),
            _main("user-task-commented", "在任务“{element}”留言", "Comment on “{element}”"),
            _main("user-task-copied", "任务“{element}”抄送{people}", "“{element}” copied to {people}"),
            _main("user-task-copy-acknowledged", "阅知任务“{element}”", "Copy of “{element}” acknowledged"),
            _main(
                "user-task-correction-requested",
                "任务“{element}”退回补正，期限{due_on}",
                "Correction asked for at “{element}”, by {due_on}",
            ),
            _main("user-task-correction-answered", "任务“{element}”的补正已答复", "Correction at “{element}” answered"),
            _main(
                "user-task-correction-withdrawn", "任务“{element}”的补正要求已撤销", "Request at “{element}” withdrawn"
            ),
            _main("user-task-delegated", "任务“{element}”委派给{people}", "“{element}” delegated to {people}"),
            _main("user-task-delegation-recalled", "收回任务“{element}”的委派", "Delegation of “{element}” recalled"),
            _main("user-task-delegation-resolved", "交回委派的任务“{element}”", "Delegated “{element}” given back"),
            _main("user-task-escalated", "任务“{element}”逾期，已提醒升级", "“{element}” is overdue and was escalated"),
            _main("user-task-handed-over", "任务“{element}”转办给{people}", "“{element}” handed over to {people}"),
            _main("user-task-urged", "催办任务“{element}”", "“{element}” urged"),
            _main("due-date-moved", "任务“{element}”的期限改为{due_on}", "“{element}” is now due on {due_on}"),
            _detail("job-created", "开始自动处理“{element}”", "Automatic work “{element}” begun"),
            _detail("job-added", "要求自动处理“{element}”", "Automatic work “{element}” asked for"),
            _detail("job-completed", "自动处理“{element}”完成", "Automatic work “{element}” done"),
            _detail("job-failed", "自动处理“{element}”未成功", "Automatic work “{element}” failed"),
            _detail(
                "bpmn-error-thrown", "自动处理“{element}”报告业务错误", "Automatic work “{element}” threw a BPMN error"
            ),
            _main("incident-raised", "“{element}”出现异常", "Incident at “{element}”"),
            _main(
                "incident-assigned", "“{element}”的异常交给{people}处理", "Incident at “{element}” given to {people}"
            ),
            _main("incident-resolved", "“{element}”的异常已处理", "Incident at “{element}” resolved"),
            _detail("timer-set", "“{element}”定于{due_on}", "“{element}” set for {due_on}"),
            _detail("timer-fired", "“{element}”时间已到", "“{element}” fell due"),
            _main("timer-moved", "“{element}”的期限改为{due_on}", "“{element}” is now due on {due_on}"),
            _detail("message-thrown", "发出消息“{message}”", "Message “{message}” sent"),
            _main("message-received", "收到消息“{message}”", "Message “{message}” received"),
            _main("event-dates-recorded", "登记法定日期{dates}", "Event dates recorded{dates}"),
            _main("event-dates-derived", "法定日期重新得出{dates}", "Event dates worked out anew{dates}"),
            _main(
                "event-date-corrected",
                "更正法定日期：{name}由{old}改为{new}",
                "Event date corrected: {name} from {old} to {new}",
            ),
            _main("deadline-event-recorded", "登记期限{kind}：{rule}，{on}", "{kind} of a time limit: {rule}, {on}"),
            _main("limitation-event-recorded", "登记时效事项，{started_on}", "Limitation entry, {started_on}"),
            _main("limitation-flag-changed", "时效提示变化", "Mark of a near limitation changed"),
            _main(
                "claim-facts-changed",
                "更正第{position}项请求的时效事实",
                "Limitation facts of claim {position} changed",
            ),
            _main("document-stored", "存入文书：{document}", "Document stored: {document}"),
            _detail("document-file-added", "补充文件：{document}", "File added to {document}"),
            _main("document-voided", "作废文书：{document}", "Document voided: {document}"),
            _main("document-sealed", "加盖印章：{document}", "Sealed: {document}"),
            _main("document-signed", "签名：{document}", "Signed: {document}"),
            _main("services-recorded", "登记送达：{document}", "Service recorded: {document}"),
            _main("services-recounted", "送达日期重新得出{dates}", "Days of service worked out anew{dates}"),
            _main("signatures-recorded", "登记调解协议的签名盖章", "Signatures of the agreement recorded"),
            _main("signature-withdrawn", "撤销签名盖章记录", "Record of a signature withdrawn"),
            _main("payments-recorded", "登记付款", "Payments recorded"),
            _main("payment-withdrawn", "撤销付款记录", "Record of a payment withdrawn"),
            _main("application-accepted", "收下当事人线上提交的申请", "Application made online taken over"),
            _main("party-invited", "邀请当事人使用线上服务", "Party invited to the party desk"),
            _main("party-invitation-withdrawn", "撤回对当事人的邀请", "Invitation of a party withdrawn"),
            _detail("party-code-sent", "向当事人发送验证码", "Code sent to a party"),
            _main("party-message-received", "当事人留言", "Message from a party"),
            _main("party-message-sent", "向当事人留言", "Message to a party"),
            _main("case-note-written", "写下案件备注", "Note on the case written"),
            _main("party-signed", "当事人线上签名", "Party signed online"),
            _main("party-session-opened", "当事人进入线上服务", "Party entered the party desk"),
            _detail("party-session-ended", "当事人退出线上服务", "Party left the party desk"),
            _main(
                "outside-record-kept",
                "登记在{platform}的编号和状态",
                "Number and state at {platform} kept",
            ),
            _main("court-filing-sent", "向法院提交材料", "Filed with the court"),
            _main("court-filing-answered", "法院答复", "Answer of the court"),
        )
    }
)

DETAIL_KINDS: frozenset[str] = frozenset(words.kind for words in HISTORY_WORDS.values() if words.is_detail)
