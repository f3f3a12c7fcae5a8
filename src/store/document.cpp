#include "store/document.h"
