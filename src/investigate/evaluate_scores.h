#pragma once

#include <array>
#include <map>
#include <string>

#include "investigate/evaluate.h"

namespace fa {

/// Right answers of one set.
struct Score {
  int cases = 0;
  int top1 = 0;
  int top3 = 0;
  int top5 = 0;
  int mechanisms = 0;       ///< Cases whose labels name one.
  int mechanism_right = 0;  ///< Of those: service and mechanism right at rank 1.
  int places = 0;           ///< Cases whose labels name one.
  int place_right = 0;      ///< Of those: service and place right at rank 1.
  int all_right = 0;        ///< Of those with a mechanism: that and, for faults in code, the place.
  int failed = 0;           ///< Without a report.
  int healthy = 0;          ///< Healthy windows that were judged.
  int false_alarms = 0;
};
std::map<std::string, Score> scores_of(const Evaluation& evaluation);

/// Whether what is said with some confidence is as often right: every case and false alarm where a cause was named, by
/// tenths of confidence; right means that the service is.
struct Calibration {
  struct Bin {
    int said = 0;
    int right = 0;
    double confidence = 0;  ///< Sum.
  };
  std::array<Bin, 10> bins;
  double brier = 0;  ///< Mean squared difference of confidence and outcome (Brier 1950); 0.25 is a coin.
  /// Mean absolute difference of confidence and share of right answers, weighed by the bins' sizes.
  double error = 0;
  int said = 0;
  int confident = 0;  ///< Said with a confidence of at least 0.8.
  int confident_right = 0;
};
Calibration calibration_of(const Evaluation& evaluation);

}  // namespace fa
