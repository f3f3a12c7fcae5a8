#include <array>

#include "insight/advice_rules.h"

namespace fa::insight {

std::span<const AdviceRule> data_advice_rules() {
  using enum AdviceNeed;
  static constexpr std::array kRules = {
      AdviceRule{
          "AWS/RDS",
          "DatabaseConnections",
          kWorse,
          {"Limit the connection pools before {0} so that all of them together stay below max_connections, or put "
           "RDS Proxy in between.",
           "No refused connections when many clients start at once.",
           "Clients wait for a free connection instead; a proxy pins sessions that use session state."},
          {"{0}に接続するプールの上限を、合計が max_connections を下回るように設定するか、RDS Proxy "
           "を挟んでください。",
           "多くのクライアントが同時に起動しても接続が拒否されません。",
           "空きを待つ時間が生じます。セッション状態を使う接続は、プロキシで固定（ピン留め）されます。"}},
      AdviceRule{
          "AWS/RDS",
          "CPUUtilization",
          kNearLimit,
          {"Find the statements that take most of the time of {0} (Performance Insights), and their missing indexes; "
           "then a larger class, or readers for reads.",
           "Shorter queries for all.", "Changing the class restarts the instance (a failover with Multi-AZ)."},
          {"{0}の時間を使っている SQL（Performance Insights）と不足しているインデックスを調べ、そのうえでクラスの拡大"
           "や読み取りのリーダーへの分散を検討してください。",
           "すべてのクエリが速くなります。", "クラスの変更は再起動（マルチ AZ ではフェイルオーバー）を伴います。"}},
      AdviceRule{"AWS/RDS",
                 "CPUUtilization",
                 kIdle,
                 {"Choose a smaller class for {0}, after a look at memory and connections.", "Lower cost.",
                  "A smaller class has less cache and allows fewer connections."},
                 {"メモリと接続数を確認したうえで、{0}をより小さなクラスにしてください。", "費用が下がります。",
                  "クラスを小さくすると、キャッシュと最大接続数も減ります。"}},
      AdviceRule{
          "AWS/RDS",
          "FreeStorageSpace FreeLocalStorage",
          kNearLimit,
          {"Enlarge the storage of {0} or let it grow by itself (storage autoscaling); look at what grows: tables, "
           "logs, replication slots, temporary files.",
           "The database does not stop for lack of space.",
           "Storage cannot be made smaller, and not be changed again for six hours."},
          {"{0}のストレージを拡張するか、ストレージの自動スケーリングを有効にしてください。増えているもの（表、ログ、"
           "レプリケーションスロット、一時ファイル）も確認してください。",
           "容量不足でデータベースが止まりません。", "ストレージは縮小できず、変更後 6 時間は再変更できません。"}},
      AdviceRule{"AWS/RDS",
                 "FreeableMemory",
                 kNearLimit,
                 {"Give {0} a class with more memory, or fewer connections and smaller buffers per connection.",
                  "No swapping, more data in the cache.", "Changing the class restarts the instance."},
                 {"{0}をメモリの多いクラスにするか、接続数と接続ごとのバッファを減らしてください。",
                  "スワップがなくなり、キャッシュに載るデータが増えます。", "クラスの変更は再起動を伴います。"}},
      AdviceRule{
          "AWS/RDS",
          "BurstBalance CPUCreditBalance",
          kNearLimit,
          {"Move {0} to gp3 storage or a class that is not burstable.", "No throttling once the credits are used up.",
           "Performance may differ while the storage is converted."},
          {"{0}を gp3 ストレージ、またはバースト型でないクラスに変更してください。",
           "クレジット切れによる性能低下がなくなります。", "ストレージの変換中は性能が変動することがあります。"}},
      AdviceRule{
          "AWS/RDS",
          "AuroraReplicaLag ReplicaLag AuroraReplicaLagMaximum",
          kWorse,
          {"Look for long transactions on {0} and for bursts of writes; read what must be current from the writer.",
           "Readers show newer data.", "The writer gets more load."},
          {"{0} "
           "の長いトランザクションや書き込みの集中を調べ、最新でなければならない読み取りはライターに向けてください。",
           "リーダーのデータが新しくなります。", "ライターの負荷が増えます。"}},
      AdviceRule{
          "AWS/RDS",
          "MaximumUsedTransactionIDs",
          kNearLimit,
          {"Vacuum {0} now: end the oldest transactions and unused replication slots, then VACUUM (FREEZE).",
           "PostgreSQL does not stop accepting writes.", "Vacuuming reads and writes a lot."},
          {"{0}を直ちに VACUUM してください。最も古いトランザクションと未使用のレプリケーションスロットを終了し、"
           "VACUUM (FREEZE) を実行します。",
           "PostgreSQL が書き込みを拒否する事態を避けられます。", "VACUUM は大量の読み書きを伴います。"}},
      AdviceRule{
          "AWS/DynamoDB",
          "ReadThrottleEvents WriteThrottleEvents ThrottledRequests",
          kHappens,
          {"Raise the capacity of {0} (or its autoscaling's floor, or on-demand mode); see by CloudWatch Contributor "
           "Insights whether one key gets most requests.",
           "Requests are no longer refused.",
           "More capacity does not help against a hot key; on-demand costs more "
           "under steady load."},
          {"{0}の容量（自動スケーリングの下限、またはオンデマンドモード）を引き上げてください。1 つのキーに集中して"
           "いないか、CloudWatch Contributor Insights で確認してください。",
           "リクエストが拒否されなくなります。",
           "ホットキーには容量の追加が効きません。一定の負荷ではオンデマンドのほうが割高です。"}},
      AdviceRule{"AWS/DynamoDB",
                 "ConsumedReadCapacityUnits ConsumedWriteCapacityUnits",
                 kNearLimit,
                 {"Raise the provisioned capacity of {0} before it is used up.", "Room for peaks.",
                  "Provisioned capacity costs while idle."},
                 {"{0}のプロビジョニング済み容量を、使い切る前に引き上げてください。", "ピーク時の余裕ができます。",
                  "プロビジョニングした容量は使わなくても課金されます。"}},
      AdviceRule{"AWS/SQS",
                 "ApproximateNumberOfMessagesVisible ApproximateAgeOfOldestMessage",
                 kWorse,
                 {"Find out why the consumers of {0} fall behind (errors, slowness, too few), then add consumers.",
                  "The backlog shrinks.", "What the consumers call gets more load."},
                 {"{0}のコンシューマが追いつかない理由（エラー、遅さ、数の不足）を調べ、そのうえで増やしてください。",
                  "滞留が減ります。", "コンシューマの呼び出し先の負荷が増えます。"}},
      AdviceRule{
          "AWS/SQS",
          "ApproximateNumberOfMessagesVisible",
          kHappens,
          {"Read some messages of {0} to see why they failed, mend that, then redrive the queue.",
           "The work that failed is done.",
           "Redriven before the cause is mended, they fail again; the retention period goes on meanwhile."},
          {"{0}のメッセージをいくつか読んで失敗の理由を確かめ、直してから再処理（redrive）してください。",
           "失敗していた処理が完了します。", "原因を直す前に再処理すると再び失敗します。その間も保持期間は進みます。"}},
      AdviceRule{"AWS/SQS",
                 "ApproximateAgeOfOldestMessage",
                 kNearLimit,
                 {"Lengthen the retention period of {0} (up to 14 days) until its consumers have caught up.",
                  "No message is lost for its age.", "Old messages may no longer be of use to anyone."},
                 {"コンシューマが追いつくまで、{0}の保持期間を延ばしてください（最大 14 日）。",
                  "期限切れでメッセージが失われません。", "古いメッセージは、もう役に立たないことがあります。"}},
      AdviceRule{"AWS/ElastiCache",
                 "Evictions",
                 kHappens,
                 {"Give {0} more memory, or shorter lifetimes to what is rarely read.",
                  "More hits, less load behind the cache.", "Resharding loads the nodes for a while."},
                 {"{0}のメモリを増やすか、あまり読まれないものの有効期限を短くしてください。",
                  "ヒット率が上がり、背後の負荷が減ります。", "リシャーディングの間はノードの負荷が上がります。"}},
      AdviceRule{"AWS/ElastiCache",
                 "DatabaseMemoryUsagePercentage EngineCPUUtilization CPUUtilization",
                 kNearLimit,
                 {"Spread {0} over more shards, or choose larger nodes.", "Room for growth; shorter waiting.",
                  "Resharding loads the nodes for a while; larger nodes mean a failover."},
                 {"{0}のシャードを増やすか、ノードを大きくしてください。", "余裕ができ、待ち時間が短くなります。",
                  "リシャーディング中は負荷が上がり、ノードの変更はフェイルオーバーを伴います。"}},
      AdviceRule{
          "AWS/Kinesis",
          "GetRecords.IteratorAgeMilliseconds",
          kWorse,
          {"Let more consumers read {0} at once: more shards, or a higher parallelization factor; look for records "
           "that fail and are repeated.",
           "The consumers catch up.", "The order holds per key only."},
          {"{0}を並行して読むコンシューマを増やしてください（シャードの追加、並列化係数の引き上げ）。失敗して繰り返し"
           "処理されるレコードがないかも確認してください。",
           "コンシューマが追いつきます。", "順序はキーごとにしか保たれません。"}},
      AdviceRule{"AWS/Kinesis",
                 "WriteProvisionedThroughputExceeded ReadProvisionedThroughputExceeded",
                 kHappens,
                 {"Add shards to {0}, or switch it to on-demand; spread the partition keys.",
                  "Records are no longer refused.", "Each shard costs; a hot key stays hot."},
                 {"{0}のシャードを増やすかオンデマンドに切り替え、パーティションキーを分散してください。",
                  "レコードが拒否されなくなります。", "シャードごとに課金されます。偏ったキーはそのまま残ります。"}},
      AdviceRule{
          "AWS/States",
          "ExecutionsTimedOut ExecutionThrottled",
          kHappens,
          {"See which state of {0} takes the time or is throttled, and give it a timeout and retries of its own.",
           "Executions end by themselves.", "Retries repeat side effects."},
          {"{0}のどのステートに時間がかかるか（または制限されるか）を調べ、個別にタイムアウトとリトライを設定して"
           "ください。",
           "実行が最後まで終わるようになります。", "リトライは副作用を繰り返します。"}},
      AdviceRule{"AWS/EFS",
                 "BurstCreditBalance",
                 kNearLimit,
                 {"Switch {0} to elastic throughput.", "No throttling once the credits are used up.",
                  "It is charged by the amount read and written."},
                 {"{0}をエラスティックスループットに切り替えてください。",
                  "クレジット切れによる性能低下がなくなります。", "読み書きの量に応じて課金されます。"}},
      AdviceRule{
          "AWS/EBS",
          "BurstBalance",
          kNearLimit,
          {"Convert {0} to gp3.", "Its performance no longer depends on credits.",
           "The volume is slower while it is converted."},
          {"{0}を gp3 に変換してください。", "性能がクレジットに左右されなくなります。", "変換中は遅くなります。"}},
      AdviceRule{"AWS/ES",
                 "JVMMemoryPressure FreeStorageSpace",
                 kNearLimit,
                 {"Give {0} larger or more nodes, and remove old indexes and needless shards.",
                  "Searches and writes are not rejected.", "The change moves all shards (blue/green deployment)."},
                 {"{0}のノードを大きくするか増やし、古いインデックスと不要なシャードを削除してください。",
                  "検索や書き込みが拒否されません。", "変更時にすべてのシャードが移動します（Blue/Green デプロイ）。"}},
      AdviceRule{
          "",
          "hikaricp.connections.active hikaricp.connections.pending",
          kNearLimit,
          {"Look first for statements that hold connections of {0} for long; then enlarge the pool within what the "
           "database allows.",
           "Requests no longer wait for a connection.", "A larger pool moves the waiting into the database."},
          {"{0}の接続を長く占有している SQL を先に調べ、そのうえでデータベースの許す範囲でプールを広げてください。",
           "リクエストが接続待ちをしなくなります。", "プールを広げると、待ちがデータベース側に移ります。"}},
  };
  return kRules;
}

}  // namespace fa::insight
