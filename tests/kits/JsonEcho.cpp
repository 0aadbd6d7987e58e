// Reads each line as JSON and writes it again, or "error": what the kit's reader and writer make of it.
#include "LiveOps.h"

#include <iostream>

int main()
{
    std::string Line;
    while (std::getline(std::cin, Line))
    {
        bool bValid = false;
        const LiveOps::Json Read = LiveOps::Json::Parse(Line, bValid);
        std::cout << (bValid ? Read.Write() : std::string("error")) << "\n";
    }
    return 0;
}
