#include <array>

#include "insight/advice_rules.h"

namespace fa::insight {

std::span<const AdviceRule> compute_advice_rules() {
  using enum AdviceNeed;
  static constexpr std::array kRules = {
      AdviceRule{
          "AWS/Lambda",
          "Throttles",
          kHappens,
          {"Raise the concurrency that {0} may use (reserved concurrency, or the account's quota), or spread the "
           "calls over time.",
           "Calls are no longer refused.", "What the function calls gets more load, databases above all."},
          {"{0}の同時実行数の上限（予約済み同時実行数、またはアカウントのクォータ）を引き上げるか、呼び出しを"
           "時間的に分散してください。",
           "呼び出しが拒否されなくなります。", "関数の呼び出し先、とくにデータベースの負荷が増えます。"}},
      AdviceRule{"AWS/Lambda",
                 "ConcurrentExecutions ClaimedAccountConcurrency ProvisionedConcurrencyUtilization",
                 kNearLimit,
                 {"Ask for a higher concurrency quota, and reserve concurrency for the functions that must not wait.",
                  "Room for peaks; one function can no longer take it from the others.",
                  "Reserved concurrency is taken from all other functions; provisioned concurrency costs while idle."},
                 {"同時実行数のクォータの引き上げを申請し、待たせてはならない関数には予約済み同時実行数を割り当てて"
                  "ください。",
                  "ピーク時の余裕ができ、1 つの関数がほかの関数の枠を使い切ることがなくなります。",
                  "予約した分はほかの関数が使えなくなります。プロビジョニングした分は使わなくても課金されます。"}},
      AdviceRule{"AWS/Lambda",
                 "Duration",
                 kWorse,
                 {"Look at what {0} waits for (calls to other services, or its own computing); if it computes, give it "
                  "more memory, which brings more CPU.",
                  "Shorter runs, and less concurrency for the same load.",
                  "More memory costs more per millisecond; it pays only where the run gets shorter."},
                 {"{0}が何を待っているか（ほかのサービスの呼び出しか、自身の計算か）を確認してください。計算であれば、"
                  "メモリを増やすと CPU も増えます。",
                  "実行時間が短くなり、同じ負荷でも同時実行数が減ります。",
                  "メモリを増やすとミリ秒あたりの料金が上がります。実行が短くならなければ得になりません。"}},
      AdviceRule{
          "AWS/Lambda",
          "Duration",
          kNearLimit,
          {"Split the work of {0} into smaller pieces, or move it to a task without a time limit (ECS, AWS Batch, "
           "Step Functions).",
           "Runs are no longer cut off at 15 minutes.", "Pieces may be done twice: they have to be idempotent."},
          {"{0}の処理を小さく分割するか、時間制限のない実行環境（ECS、AWS Batch、Step Functions）へ移してください。",
           "15 分で処理が打ち切られなくなります。",
           "分割した処理は 2 回実行されることがあり、冪等にする必要があります。"}},
      AdviceRule{
          "AWS/Lambda",
          "ProvisionedConcurrencySpilloverInvocations",
          kHappens,
          {"Provision more concurrency for {0}, or let Application Auto Scaling follow its utilisation.",
           "Fewer cold starts.", "It costs while idle."},
          {"{0}のプロビジョニング済み同時実行数を増やすか、使用率に合わせて Application Auto Scaling で増減させて"
           "ください。",
           "コールドスタートが減ります。", "使わない間も課金されます。"}},
      AdviceRule{
          "LambdaInsights",
          "init_duration",
          kWorse,
          {"Shorten the start of {0}: smaller packages, less work outside the handler, SnapStart or provisioned "
           "concurrency.",
           "Cold starts take less time, or do not happen.", "Provisioned concurrency costs while idle."},
          {"{0}の起動を軽くしてください（パッケージの縮小、ハンドラー外の処理の削減、SnapStart やプロビジョニング済み"
           "同時実行数）。",
           "コールドスタートが短くなるか、起きなくなります。",
           "プロビジョニング済み同時実行数は使わない間も課金されます。"}},
      AdviceRule{"LambdaInsights",
                 "memory_utilization",
                 kNearLimit,
                 {"Give {0} more memory.", "It no longer ends for lack of memory; the CPU grows with it.",
                  "A higher price per millisecond; a leak would only take longer."},
                 {"{0}のメモリ設定を増やしてください。", "メモリ不足で終了しなくなり、CPU も比例して増えます。",
                  "ミリ秒あたりの料金が上がります。リークがある場合は先延ばしになるだけです。"}},
      AdviceRule{"LambdaInsights",
                 "memory_utilization",
                 kIdle,
                 {"Try {0} with less memory, and compare durations (AWS Lambda Power Tuning does).",
                  "A lower price per millisecond.", "Less memory means less CPU: runs may take longer and cost more."},
                 {"{0}のメモリを減らして実行時間を比べてください（AWS Lambda Power Tuning が使えます）。",
                  "ミリ秒あたりの料金が下がります。",
                  "メモリを減らすと CPU も減り、実行が長くなってかえって高くなることがあります。"}},
      AdviceRule{
          "AWS/ECS",
          "CPUUtilization",
          kNearLimit,
          {"Run more tasks of {0}, or let target tracking hold the CPU at 50 to 70%; look first whether one request "
           "became more expensive.",
           "Shorter waiting, since it grows without bound near 100%.",
           "More tasks open more connections to databases."},
          {"{0}のタスク数を増やすか、ターゲット追跡スケーリングで CPU を 50～70% に保ってください。先に、1 "
           "リクエストあたりの処理が重くなっていないか確認してください。",
           "100% 付近で際限なく伸びる待ち時間が短くなります。", "タスクが増えるとデータベースへの接続も増えます。"}},
      AdviceRule{
          "AWS/ECS",
          "MemoryUtilization",
          kNearLimit,
          {"Give the tasks of {0} more memory; if it grows steadily, look for what is never freed.",
           "Tasks are not killed for lack of memory.", "A leak is hidden for longer, not mended."},
          {"{0}のタスクのメモリを増やしてください。増え続けている場合は、解放されないものを探してください。",
           "メモリ不足によるタスクの強制終了がなくなります。", "リークは直らず、発覚が遅れるだけのことがあります。"}},
      AdviceRule{
          "AWS/ECS",
          "MemoryUtilization",
          kWorse,
          {"Find out what keeps the memory of {0}: compare heap dumps, and the time of the growth with deployments.",
           "No restarts for lack of memory.", "Taking a heap dump stops the process for a while."},
          {"{0}のメモリを占有し続けているものを調べてください（ヒープダンプの比較、増え始めた時刻とデプロイの照合）。",
           "メモリ不足による再起動がなくなります。", "ヒープダンプの取得中はプロセスが止まります。"}},
      AdviceRule{
          "AWS/ECS",
          "CPUUtilization MemoryUtilization",
          kIdle,
          {"Run {0} with fewer or smaller tasks.", "Lower cost.", "Less room for peaks and for the failure of a zone."},
          {"{0}のタスク数を減らすか、タスクを小さくしてください。", "費用が下がります。",
           "ピークや AZ 障害に対する余裕が減ります。"}},
      AdviceRule{"AWS/EC2",
                 "CPUUtilization",
                 kNearLimit,
                 {"Move work away from {0}, or choose a larger instance type.", "Shorter waiting.",
                  "Changing the type restarts the instance."},
                 {"{0}の処理を分散するか、より大きなインスタンスタイプにしてください。", "待ち時間が短くなります。",
                  "タイプの変更には再起動が必要です。"}},
      AdviceRule{"AWS/EC2",
                 "CPUUtilization",
                 kIdle,
                 {"Choose a smaller instance type for {0}.", "Lower cost.", "Changing the type restarts the instance."},
                 {"{0}をより小さなインスタンスタイプにしてください。", "費用が下がります。",
                  "タイプの変更には再起動が必要です。"}},
      AdviceRule{"AWS/EC2",
                 "CPUCreditBalance",
                 kNearLimit,
                 {"Let {0} use unlimited credits, or choose a type that is not burstable.",
                  "The CPU is no longer throttled to its baseline.", "Surplus credits are charged."},
                 {"{0}を無制限モードにするか、バースト型でないタイプにしてください。",
                  "CPU がベースラインまで制限されなくなります。", "超過クレジットは課金されます。"}},
      AdviceRule{
          "AWS/ApplicationELB",
          "TargetResponseTime",
          kWorse,
          {"Compare with the CPU of the targets of {0}, their database and the number of requests: add targets only "
           "if they are busy themselves.",
           "The right place is mended.", "More targets do not help while they wait for something else."},
          {"{0}のターゲットの CPU、その先のデータベース、リクエスト数と見比べてください。ターゲット自体が忙しい場合に"
           "のみ増やしてください。",
           "本当の原因に手を打てます。", "ほかを待っている間は、ターゲットを増やしても改善しません。"}},
      AdviceRule{
          "AWS/ApplicationELB",
          "UnHealthyHostCount",
          kHappens,
          {"Look at why targets of {0} fail their health checks: the reason in the target group, the last "
           "deployment, the check's path and timeout.",
           "All targets share the load again.", "A check that is too lenient keeps broken targets in service."},
          {"{0}のターゲットがヘルスチェックに失敗する理由を確認してください（ターゲットグループの理由コード、直近の"
           "デプロイ、チェックのパスとタイムアウト）。",
           "すべてのターゲットで負荷を分担できます。", "チェックを緩めすぎると、壊れたターゲットが残ります。"}},
      AdviceRule{"AWS/ApiGateway",
                 "Latency IntegrationLatency",
                 kNearLimit,
                 {"Answer at once and do the work of {0} asynchronously.",
                  "Callers no longer see 504 after 29 seconds.", "Callers have to ask for the result, or be told."},
                 {"{0}の処理を非同期にし、先に応答を返してください。", "29 秒での 504 がなくなります。",
                  "呼び出し側が結果を取りに行くか、通知を受ける仕組みが必要です。"}},
      AdviceRule{
          "AWS/NATGateway",
          "ErrorPortAllocation",
          kHappens,
          {"Give {0} more addresses, reach AWS services through VPC endpoints, and keep connections open instead of "
           "making new ones.",
           "New connections no longer fail for lack of ports.", "Addresses and endpoints cost by the hour."},
          {"{0}に IP アドレスを追加し、AWS サービスへは VPC エンドポイントを使い、接続を使い回してください。",
           "ポート不足で新しい接続が失敗しなくなります。", "アドレスとエンドポイントは時間単位で課金されます。"}},
      AdviceRule{"CWAgent",
                 "disk_used_percent",
                 kNearLimit,
                 {"Enlarge the volume of {0}, and let old logs and files be removed by themselves.",
                  "Writes do not fail for lack of space.", "A volume cannot be made smaller again."},
                 {"{0}のボリュームを拡張し、古いログやファイルが自動で消えるようにしてください。",
                  "容量不足で書き込みが失敗しなくなります。", "ボリュームは後から縮小できません。"}},
      AdviceRule{"CWAgent",
                 "mem_used_percent",
                 kNearLimit,
                 {"Find which process of {0} holds the memory, then choose a type with more.",
                  "No process is killed for lack of memory.", "Changing the type restarts the instance."},
                 {"{0}のどのプロセスがメモリを使っているか調べ、必要ならメモリの多いタイプにしてください。",
                  "メモリ不足による強制終了がなくなります。", "タイプの変更には再起動が必要です。"}},
      AdviceRule{"AWS/CertificateManager",
                 "DaysToExpiry",
                 kNearLimit,
                 {"See why {0} is not renewed by itself: the DNS record of its validation, or an imported certificate.",
                  "Clients do not refuse the connection.", "Services that pin the old certificate have to be told."},
                 {"{0}が自動更新されない理由（検証用の DNS レコード、インポートした証明書など）を確認してください。",
                  "クライアントに接続を拒否されません。", "旧証明書を固定しているクライアントには連絡が必要です。"}},
  };
  return kRules;
}

}  // namespace fa::insight
