# page-waterfall.gp - drawn by firstbyte; run it again with: gnuplot page-waterfall.gp
set encoding utf8
set terminal svg noenhanced size 960,334 font 'DejaVu Sans,13' background '#ffffff'
set output 'page-waterfall.svg'
set border 3 lc rgb '#555555'
set format '%g'
set tics nomirror out textcolor rgb '#222222'
set grid ytics lc rgb '#dddddd' lt 1 lw 0.6
set label 1 'A page over a line that loses' at screen 0.02, screen 0.9102 left font ',17'
set label 3 'replication 0, seed 3' at screen 0.02, screen 0.0419 left font ',10' textcolor rgb '#555555'
set lmargin at screen 0.2656
set rmargin at screen 0.7063
set tmargin at screen 0.8204
set bmargin at screen 0.2665
set key at screen 0.7063, graph 1 left top Left reverse samplen 2.6 spacing 1.25
set xlabel 'time (ms)'
set grid noytics xtics lc rgb '#dddddd' lw 0.6
set xrange [0:615.729]
set yrange [5.4:-0.7]
set ytics scale 0 ('www.example.com/' 0, 'www.example.com/style.css' 1, 'w.example.com/images/route.png' 2, 'ample.com/images/handshake.png' 3, '.example.com/images/signal.png' 4)
set label '200, 1.07 kB' at 290.138545,0 left offset 0.6,0 font ',10' textcolor rgb '#555555'
set label '200, 0.553 kB' at 331.702993,1 left offset 0.6,0 font ',10' textcolor rgb '#555555'
set label '200, 13.1 kB' at 373.283817,2 left offset 0.6,0 font ',10' textcolor rgb '#555555'
set label '200, 5.63 kB' at 473.637891,3 left offset 0.6,0 font ',10' textcolor rgb '#555555'
set label '200, 12 kB' at 415.375319,4 left offset 0.6,0 font ',10' textcolor rgb '#555555'
set arrow from 473.637891,-0.6 to 473.637891,5.4 nohead lc rgb '#333333' lw 1 dt '- '
set label 'page complete' at 473.637891,5.1 right offset -0.6,0 font ',10' front
# DNS: from, to, row
$part1 << EOD
0 194.052943 0
EOD
# connect: from, to, row
$part2 << EOD
194.052943 248.525315 0
290.138545 330.645573 2
290.138545 330.665173 3
290.138545 330.684773 4
EOD
# waits for the answer: from, to, row
$part3 << EOD
248.525315 290.138545 0
290.138545 331.702993 1
330.645573 372.276953 2
330.665173 373.415993 3
330.684773 373.919993 4
EOD
# receives: from, to, row
$part4 << EOD
372.276953 373.283817 2
373.415993 473.637891 3
373.919993 415.375319 4
EOD
plot \
  $part1 using 1:3:1:2:($3 - 0.30):($3 + 0.30) with boxxyerror fc rgb '#009E73' fs solid border lc rgb '#333333' title 'DNS', \
  $part2 using 1:3:1:2:($3 - 0.30):($3 + 0.30) with boxxyerror fc rgb '#E69F00' fs pattern 5 border lc rgb '#333333' title 'connect', \
  $part3 using 1:3:1:2:($3 - 0.30):($3 + 0.30) with boxxyerror fc rgb '#ffffff' fs solid border lc rgb '#0072B2' title 'waits for the answer', \
  $part4 using 1:3:1:2:($3 - 0.30):($3 + 0.30) with boxxyerror fc rgb '#0072B2' fs solid border lc rgb '#333333' title 'receives'
# the same for the screen, and for paper
set terminal pngcairo noenhanced size 1440,501 font 'DejaVu Sans,13' fontscale 1.4 linewidth 1.4 pointscale 1.4
set output 'page-waterfall.png'
replot
set terminal pdfcairo noenhanced size 17cm,5.91cm font 'DejaVu Sans,13' fontscale 0.5 linewidth 0.9 pointscale 0.5
set output 'page-waterfall.pdf'
replot
unset output
